/** The text that a value is, without the space around it; `undefined` when it is no text or an empty one. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}
