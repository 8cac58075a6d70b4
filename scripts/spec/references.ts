/** References that lead out of a document. */

import type { Diagnostic } from "../diagnostics.js";
import type { Document } from "./document.js";
import { LOCAL_REFERENCE } from "./loading.js";
import { join, localTarget } from "./pointer.js";
import { partsOf } from "./walk.js";

/** Every reference into another file or to a URL: nothing is fetched, so what it leads to would be missing. */
export function foreignReferences(document: Document): Diagnostic[] {
  return [...partsOf(document.root)].flatMap(({ pointer: owner, value, isNamed }) => {
    const reference = value["$ref"];
    if (isNamed || typeof reference !== "string" || localTarget(reference) !== undefined) return [];
    const pointer = join(owner, "$ref");
    const message = reference.startsWith("#")
      ? `"${reference}" is not a JSON Pointer into this document`
      : `"${reference}" leads out of this document, which is not supported yet`;
    return [{ ...LOCAL_REFERENCE.says(message, HINT), file: document.path, ...document.locate(pointer), pointer }];
  });
}

const HINT =
  "only references that start with #/ are followed: move what it refers to under components, or bundle the document first";
