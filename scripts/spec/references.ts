/** References of a document, and the ones that lead out of it. */

import type { Diagnostic } from "../diagnostics.js";
import type { Document } from "./document.js";
import { LOCAL_REFERENCE } from "./loading.js";
import { isObject, join, localTarget } from "./pointer.js";

/** Every reference into another file or to a URL: nothing is fetched, so what it leads to would be missing. */
export function foreignReferences(document: Document): Diagnostic[] {
  return [...references(document.root)]
    .filter(({ reference }) => localTarget(reference) === undefined)
    .map(({ pointer, reference }) => ({
      ...LOCAL_REFERENCE.says(
        reference.startsWith("#")
          ? `"${reference}" is not a JSON Pointer into this document`
          : `"${reference}" leads out of this document, which is not supported yet`,
        "only references that start with #/ are followed: move what it refers to under components, or bundle the document first",
      ),
      file: document.path,
      ...document.locate(pointer),
      pointer,
    }));
}

/** Members whose own members are names that the author chose, so that a `default` among them is no keyword. */
const NAMED = new Set([
  "properties",
  "patternProperties",
  "$defs",
  "definitions",
  "dependentSchemas",
  "paths",
  "webhooks",
  "responses",
  "callbacks",
  "content",
  "headers",
  "links",
  "variables",
  "schemas",
  "examples",
  "requestBodies",
  "securitySchemes",
  "pathItems",
  "parameters",
]);

/** Members that hold data of the API rather than parts of the description. */
const DATA = new Set(["default", "const", "enum", "example", "value", "mapping"]);

/** Every `$ref` that is a reference, and not a member of an example or a property of that name. */
export function* references(root: unknown): Generator<{ pointer: string; reference: string }> {
  const seen = new Set<object>();
  const stack: { value: unknown; pointer: string; isNamed: boolean }[] = [{ value: root, pointer: "", isNamed: false }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value, pointer, isNamed } = next;
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    // Aliases share one object: it is looked into once, where it stands first.
    seen.add(value);
    if (!isNamed && isObject(value) && typeof value["$ref"] === "string") {
      yield { pointer: join(pointer, "$ref"), reference: value["$ref"] };
    }
    for (const [name, member] of Object.entries(value).toReversed()) {
      const isKeyword = !isNamed && !Array.isArray(value);
      if (isKeyword && (DATA.has(name) || name.startsWith("x-"))) continue;
      stack.push({ value: member, pointer: join(pointer, name), isNamed: isKeyword && NAMED.has(name) });
    }
  }
}
