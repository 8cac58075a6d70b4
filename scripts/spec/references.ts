/** References that lead out of a document. */

import type { Diagnostic } from "../diagnostics.js";
import type { Document } from "./document.js";
import { LOCAL_REFERENCE } from "./loading.js";
import { join, localTarget } from "./pointer.js";
import { partsOf } from "./walk.js";

/**
 * Every text that stands as `$ref` or in a `mapping`, wherever that is: cheap, and enough to know that there is nothing to do.
 */
export function referenceTexts(root: unknown): ReadonlySet<string> {
  const texts = new Set<string>();
  const seen = new Set<object>();
  const visit = (value: object): void => {
    if (seen.has(value)) return;
    seen.add(value);
    for (const name in value) {
      const member = (value as Record<string, unknown>)[name];
      if (typeof member === "object" && member !== null) {
        visit(member);
        if (name === "mapping") for (const text of Object.values(member)) if (typeof text === "string") texts.add(text);
      } else if (name === "$ref" && typeof member === "string") texts.add(member);
    }
  };
  if (typeof root === "object" && root !== null) visit(root);
  return texts;
}

/** Whether a reference may lead to another file, or to a part by its name. */
export function isForeign(reference: string): boolean {
  return !reference.startsWith("#/") && reference !== "#" && /[#/.]/.test(reference);
}

/** Every reference of a document that is read without its other files which leads to one of them, or is no pointer. */
export function foreignReferences(document: Document): Diagnostic[] {
  if (![...referenceTexts(document.root)].some((reference) => localTarget(reference) === undefined)) return [];
  return [...partsOf(document.root)].flatMap(({ pointer: owner, value, isNamed }) => {
    const reference = value["$ref"];
    if (isNamed || typeof reference !== "string" || localTarget(reference) !== undefined) return [];
    const way = reference.startsWith("#") ? "is not a JSON Pointer into this document" : "leads out of this document";
    const pointer = join(owner, "$ref");
    return [{ ...LOCAL_REFERENCE.says(`"${reference}" ${way}`), ...document.locate(pointer), pointer }];
  });
}
