import { TokenError } from "../errors.js";

/** RFC 9110 section 5.5, as the Fetch standard bounds it: no control characters but the tab, nothing beyond one byte. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * A value as a header's text. The platform's own error would quote it, and it may be a secret.
 *
 * @throws {TokenError} `unfit-value` when it cannot stand in a header.
 */
export function headerText(value: unknown, name: string, operationId: string): string {
  const text = String(value);
  if (HEADER_VALUE.test(text)) return text;
  const message = `${operationId}: what stands for the header "${name}" has characters that a header cannot have`;
  throw new TokenError("unfit-value", message, { operationId });
}
