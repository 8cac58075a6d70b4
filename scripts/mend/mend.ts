/**
 * Documents as they are: whatever comes in is made into one from which a right client can be made, and each thing that had to
 * be made of another is told, with its place. What is right stays as it is; of a right document nothing is copied.
 */

import type { Diagnostic } from "../diagnostics.js";
import type { Document } from "../spec/document.js";
import { type Json, object } from "../spec/pointer.js";
import { mendDynamicReferences } from "./dynamic-reference.js";
import { Mending } from "./mending.js";
import { mendOperationIds } from "./operation-id.js";
import { mendPathNames } from "./path-name.js";
import { mendParameters } from "./path-parameter.js";
import { mendCycles } from "./reference-cycle.js";
import { mendRequired } from "./required-member.js";
import { mendSecurity } from "./security-scheme-exists.js";
import { mendServerNames } from "./server-name.js";
import { mendStructure } from "./structure.js";

export interface MendOptions {
  /** Whether each mending is an error, so that nothing is generated from a document that needs any. Default: `false`. */
  readonly strict?: boolean;
}

export interface MendedDocument {
  /** With the same name, path and text; the places of its parts are those of the document as it was written. */
  readonly document: Document;
  /** A warning for each mending, in no order; errors when mending is strict. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The stages, each of which counts on what those before it have made sure of. */
const STAGES: readonly ((root: Json, mending: Mending) => Json)[] = [
  mendDynamicReferences,
  mendStructure,
  mendCycles,
  mendRequired,
  mendPathNames,
  mendOperationIds,
  mendParameters,
  mendSecurity,
  mendServerNames,
];

export function mendDocument(document: Document, { strict = false }: MendOptions = {}): MendedDocument {
  const mending = new Mending(document, object(document.root), strict);
  for (const stage of STAGES) mending.run(stage);
  const { root } = mending;
  const mended: Document = {
    ...document,
    root,
    locate: (pointer, part) => mending.locate(pointer, part),
    locateCharacter: (pointer, offset) => mending.locateCharacter(pointer, offset),
    dereference: (value) => mending.dereference(value),
  };
  return { document: mended, diagnostics: mending.diagnostics };
}
