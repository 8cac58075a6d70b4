/** References that lead out of a document, or nowhere but back to themselves. */

import { at } from "../../src/lifecycle/expression.js";
import type { Diagnostic } from "../diagnostics.js";
import type { Document } from "./document.js";
import { LOCAL_REFERENCE } from "./loading.js";
import { join, localTarget } from "./pointer.js";
import { partsOf } from "./walk.js";

/** Every reference that cannot be followed. Nothing is fetched: what stands in another file or at a URL would be missing. */
export function unusableReferences(document: Document): Diagnostic[] {
  return [...partsOf(document.root)].flatMap(({ pointer: owner, value, isNamed }) => {
    const reference = value["$ref"];
    if (isNamed || typeof reference !== "string") return [];
    const fault = faultOf(document, reference);
    const pointer = join(owner, "$ref");
    return fault === undefined ? [] : [{ ...fault, ...document.locate(pointer), pointer }];
  });
}

function faultOf({ root }: Document, reference: string): ReturnType<typeof LOCAL_REFERENCE.says> | undefined {
  if (localTarget(reference) === undefined) {
    const way = reference.startsWith("#")
      ? "is not a JSON Pointer into this document"
      : "leads out of this document, which is not supported yet";
    return LOCAL_REFERENCE.says(`"${reference}" ${way}`, HINT);
  }
  return goesRound(root, reference) ? LOCAL_REFERENCE.says(`"${reference}" leads to nothing but itself`) : undefined;
}

/** Whether nothing but references stands on the way from a reference back to it. */
function goesRound(root: unknown, reference: string): boolean {
  const seen = new Set<string>();
  let next: unknown = reference;
  while (typeof next === "string" && !seen.has(next)) {
    seen.add(next);
    const target = localTarget(next);
    next = target === undefined ? undefined : at(root, join(target, "$ref"));
  }
  return typeof next === "string";
}

const HINT =
  "only references that start with #/ are followed: move what it refers to under components, or bundle the document first";
