/** References that lead out of a document, or nowhere but back to themselves. */

import { at } from "../../src/lifecycle/expression.js";
import type { Diagnostic } from "../diagnostics.js";
import type { Document } from "./document.js";
import { LOCAL_REFERENCE } from "./loading.js";
import { isObject, join, localTarget } from "./pointer.js";
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

/** Every reference of a document that stands alone which cannot be followed: it leads out of it, or back to itself. */
export function unusableReferences(document: Document): Diagnostic[] {
  return tell(document, (reference) => foreignFault(reference) ?? loopFault(document, reference));
}

/** Every reference of an assembled document that leads to nothing but itself. */
export function circularReferences(document: Document): Diagnostic[] {
  return tell(document, (reference) => loopFault(document, reference));
}

type Fault = ReturnType<typeof LOCAL_REFERENCE.says>;

function tell(document: Document, faultOf: (reference: string) => Fault | undefined): Diagnostic[] {
  if ([...referenceTexts(document.root)].every((reference) => faultOf(reference) === undefined)) return [];
  return [...partsOf(document.root)].flatMap(({ pointer: owner, value, isNamed }) => {
    const reference = value["$ref"];
    if (isNamed || typeof reference !== "string") return [];
    const fault = faultOf(reference);
    const pointer = join(owner, "$ref");
    return fault === undefined ? [] : [{ ...fault, ...document.locate(pointer), pointer }];
  });
}

function foreignFault(reference: string): Fault | undefined {
  if (localTarget(reference) !== undefined) return undefined;
  const way = reference.startsWith("#") ? "is not a JSON Pointer into this document" : "leads out of this document";
  return LOCAL_REFERENCE.says(`"${reference}" ${way}`, HINT);
}

function loopFault({ root }: Document, reference: string): Fault | undefined {
  return goesRound(root, reference) ? LOCAL_REFERENCE.says(`"${reference}" leads to nothing but itself`) : undefined;
}

/** Whether nothing but references stands on the way from a reference back to it. */
function goesRound(root: unknown, reference: string): boolean {
  const seen = new Set<string>();
  let next: unknown = reference;
  while (typeof next === "string" && !seen.has(next)) {
    seen.add(next);
    const target = localTarget(next);
    const value = target === undefined ? undefined : at(root, target);
    next = isObject(value) && Object.hasOwn(value, "$ref") ? value["$ref"] : undefined;
  }
  return typeof next === "string";
}

const HINT =
  "only references that start with #/ are followed: move what it refers to under components, or bundle the document first";
