/** Data as TypeScript writes it, laid out as a formatter would: on one line where it fits, else a member a line. */

import { isMemberName } from "../model/names.js";
import { inert } from "./inert.js";

/** How wide a line of generated code may be. */
export const LINE_WIDTH = 120;

export interface Layout {
  /** The column at which lines after the first begin. */
  readonly indent?: number;
  /** How much of the first line is taken already, and by what follows the value. */
  readonly taken?: number;
}

/** A value of JSON as an expression. Numbers that JSON does not have become `null`, as in `JSON.stringify`. */
export function literal(value: unknown, { indent = 0, taken = indent }: Layout = {}): string {
  const inline = inlineLiteral(value);
  if (taken + inline.length <= LINE_WIDTH || typeof value !== "object" || value === null) return inline;
  const inner = indent + 2;
  const parts = Array.isArray(value)
    ? value.map((part) => element(part, inner))
    : presentMembers(value).map(([name, part]) => member(name, part, inner));
  const lines = parts.map((part) => `${" ".repeat(inner)}${part}\n`).join("");
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${lines}${" ".repeat(indent)}${close}`;
}

/** A member of an object literal that has lines of its own. */
export function member(name: string, value: unknown, indent: number): string {
  const key = `${propertyKey(name)}: `;
  return `${key}${literal(value, { indent, taken: indent + key.length + ",".length })},`;
}

/** An element of an array literal that has lines of its own. */
export function element(value: unknown, indent: number): string {
  return `${literal(value, { indent, taken: indent + ",".length })},`;
}

/** A text as a string literal, in which whatever cannot be seen, or ends a line for some readers of code, is an escape. */
export function stringLiteral(text: string): string {
  return inert(JSON.stringify(text));
}

/** The key of a member. `__proto__` without brackets would set the prototype of the object instead. */
export function propertyKey(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return isMemberName(name) ? name : stringLiteral(name);
}

function inlineLiteral(value: unknown): string {
  if (typeof value === "string") return stringLiteral(value);
  if (Array.isArray(value)) return `[${value.map(inlineLiteral).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = presentMembers(value).map(([name, member]) => `${propertyKey(name)}: ${inlineLiteral(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function presentMembers(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}
