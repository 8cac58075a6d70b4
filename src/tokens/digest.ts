import { encode } from "../lifecycle/value.js";

/** SHA-256 in hex: what stands for a secret wherever somebody could read it. */
export async function digest(text: string): Promise<string> {
  return encode(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))), "hex");
}
