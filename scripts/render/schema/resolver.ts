/**
 * What openapi-typescript finds behind a reference. Before it demands a member of what a reference leads to, it looks whether
 * that has such a property, and only among its own: so a composition is shown with the properties of its parts.
 */

import type { OpenAPI3 } from "openapi-typescript";
import { isObject, type Json, list, object, put } from "../../spec/pointer.js";
import { openapiTypescript as tool } from "../tools.js";

export type Resolver = <T>(reference: string) => T | undefined;

/** @param prepared what openapi-typescript is shown. */
export function resolverFor(prepared: OpenAPI3): Resolver {
  // The same parameters and schemas are asked for again and again.
  const found = new Map<string, unknown>();
  const follow = (reference: string) => tool.resolveRef<unknown>(prepared, reference, { silent: true });
  return <T>(reference: string) => {
    if (!found.has(reference)) {
      const target = follow(reference);
      found.set(reference, isComposition(target) ? { ...target, properties: propertiesOf(target, follow) } : target);
    }
    return found.get(reference) as T | undefined;
  };
}

const COMPOSITIONS = ["allOf", "anyOf", "oneOf"];

function isComposition(value: unknown): value is Json {
  return isObject(value) && COMPOSITIONS.some((keyword) => keyword in value);
}

/** The properties of a schema and of all that it is composed of; of several of one name any. */
function propertiesOf(schema: Json, follow: (reference: string) => unknown): Json {
  const properties: Record<string, unknown> = {};
  const seen = new Set<unknown>();
  const waiting: unknown[] = [schema];
  while (waiting.length > 0) {
    const next = waiting.pop();
    const part = isObject(next) && typeof next["$ref"] === "string" ? follow(next["$ref"]) : next;
    if (!isObject(part) || seen.has(part)) continue;
    seen.add(part);
    for (const [name, property] of Object.entries(object(part["properties"]))) put(properties, name, property);
    waiting.push(...COMPOSITIONS.flatMap((keyword) => list(part[keyword])));
  }
  return properties;
}
