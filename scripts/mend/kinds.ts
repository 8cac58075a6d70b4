/** Values of one kind taken for another, where what is meant is plain. */

import { isObject, type Json } from "../spec/pointer.js";
import { OBJECTS, type Shape } from "./shapes.js";

/** What a value is, in words. */
export function kindOf(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  return typeof value === "string"
    ? "a text"
    : typeof value === "boolean"
      ? String(value)
      : `the ${typeof value} ${String(value)}`;
}

export function asText(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  return Array.isArray(value) && value.length > 0 && value.every((line) => typeof line === "string")
    ? value.join("\n")
    : undefined;
}

export function asBoolean(value: unknown): boolean | undefined {
  if (value === 0 || value === 1) return value === 1;
  const text = typeof value === "string" ? value.trim().toLowerCase() : undefined;
  return text === "true" || text === "yes" ? true : text === "false" || text === "no" ? false : undefined;
}

/** A single item is a list of one, and a map of items is the list of them. */
export function asList(value: unknown, of: Shape): unknown[] | undefined {
  if (value === null || value === undefined) return undefined;
  if (!isObject(value))
    return of.kind === "object" || of.kind === "map" ? undefined : typeof value === "boolean" ? undefined : [value];
  if (of.kind === "object")
    return isItem(value, Object.keys(OBJECTS[of.name])) ? [value] : Object.values(value).filter(isObject);
  return of.kind === "map" ? (Object.keys(value).length > 0 ? [value] : []) : Object.values(value);
}

/** An empty list is an empty map, as PHP writes it; a list of maps that have names is a map of them by name. */
export function asMap(value: unknown): Json | undefined {
  if (!Array.isArray(value)) return undefined;
  const entries = value.flatMap((item): [string, unknown][] => {
    const name = isObject(item) ? (item["name"] ?? item["id"] ?? item["key"]) : undefined;
    if (typeof name === "string") return [[name, withoutName(item as Json)]];
    return isObject(item) && Object.keys(item).length === 1 ? Object.entries(item) : [];
  });
  return entries.length === value.length ? Object.fromEntries(entries) : undefined;
}

function withoutName({ name: _name, ...rest }: Json): Json {
  return rest;
}

function isItem(value: Json, members: readonly string[]): boolean {
  return "$ref" in value || Object.keys(value).some((key) => members.includes(key) && !isObject(value[key]));
}
