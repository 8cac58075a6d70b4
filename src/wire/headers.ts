/** Headers as a flat list of names and values. Names keep their spelling, and are the same in whatever case. */

import { TokenError } from "../errors.js";

export type HeaderList = string[];

/** The value of a header, the first of that name. */
export function headerOf(list: readonly string[], name: string): string | undefined {
  const index = indexOf(list, name);
  return index < 0 ? undefined : list[index + 1];
}

/** Puts a header in place of whatever had its name. */
export function setHeader(list: HeaderList, name: string, value: string): void {
  const index = indexOf(list, name);
  if (index < 0) list.push(name, value);
  else {
    list[index] = name;
    list[index + 1] = value;
  }
}

/** A flat list of headers as pairs. */
export function pairsOf(headers: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) pairs.push([headers[index]!, headers[index + 1]!]);
  return pairs;
}

/** Takes away every header of a name. */
export function deleteHeader(list: HeaderList, name: string): void {
  for (let index = indexOf(list, name); index >= 0; index = indexOf(list, name)) list.splice(index, 2);
}

/** A list of what a caller may hand to `fetch` as headers; `null` takes a header away, a list repeats it. */
export function mergeHeaders(list: HeaderList, headers: unknown): void {
  for (const [name, value] of entriesOf(headers)) {
    if (value === null) deleteHeader(list, name);
    else if (Array.isArray(value)) for (const item of value) list.push(name, String(item));
    else if (value !== undefined) setHeader(list, name, String(value));
  }
}

/** What a client says with every call, below what one call says: a name that the call has, with whatever value, is the call's. */
export function headersUnder(common: unknown, headers: unknown): [string, unknown][] {
  const own = [...entriesOf(headers)];
  const names = new Set(own.map(([name]) => name.toLowerCase()));
  return [...[...entriesOf(common)].filter(([name]) => !names.has(name.toLowerCase())), ...own];
}

function entriesOf(headers: unknown): Iterable<[string, unknown]> {
  if (typeof headers !== "object" || headers === null) return [];
  return Symbol.iterator in headers ? (headers as Iterable<[string, unknown]>) : Object.entries(headers);
}

/**
 * A value as a header's text. The platform's own error would quote it, and it may be a secret.
 *
 * @throws {TokenError} `unfit-value` when it has what RFC 9110 section 5.5, as the Fetch standard bounds it, has in no header:
 * control characters but the tab, and what is more than one byte.
 */
export function headerText(value: unknown, name: string, operationId: string): string {
  const text = String(value);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if ((code < 32 && code !== 9) || code === 127 || code > 255) {
      const message = `${operationId}: what stands for the header "${name}" has characters that a header cannot have`;
      throw new TokenError("unfit-value", message, { operationId });
    }
  }
  return text;
}

function indexOf(list: readonly string[], name: string): number {
  for (let index = 0; index < list.length; index += 2) {
    const other = list[index]!;
    if (other === name || (other.length === name.length && other.toLowerCase() === name.toLowerCase())) return index;
  }
  return -1;
}
