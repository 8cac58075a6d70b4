/** A form of several parts, as `fetch` writes it: RFC 7578 by the rules of the HTML standard. */

import { Blob } from "node:buffer";
import { randomInt } from "node:crypto";

/**
 * The form as one `Blob`, which has a length and reads its files only when it is sent. Its type names the boundary.
 *
 * @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
 */
export function blobOf(form: FormData): Blob {
  const boundary = `----formdata-keyturn-${String(randomInt(1e11)).padStart(11, "0")}`;
  const parts: (string | Blob)[] = [];
  for (const [name, value] of form) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(lines(name))}"`;
    if (typeof value === "string") parts.push(`${head}\r\n\r\n${lines(value)}\r\n`);
    else {
      const file = value.name ? `; filename="${escaped(value.name)}"` : "";
      const type = value.type || "application/octet-stream";
      parts.push(`${head}${file}\r\nContent-Type: ${type}\r\n\r\n`, value as Blob, "\r\n");
    }
  }
  parts.push(`--${boundary}--\r\n`);
  return new Blob(parts, { type: `multipart/form-data; boundary=${boundary}` });
}

function escaped(name: string): string {
  return name.replace(/\n/g, "%0A").replace(/\r/g, "%0D").replace(/"/g, "%22");
}

function lines(text: string): string {
  return text.replace(/\r?\n|\r/g, "\r\n");
}
