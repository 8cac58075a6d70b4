/** What a document needs of the runtime: what its definition says, and what a caller may choose beside it. */

import type { ApiDefinition } from "../../src/lifecycle/contract.js";
import { type FeatureName, featuresOf } from "../../src/lifecycle/features.js";
import type { Document } from "../spec/document.js";
import { object } from "../spec/pointer.js";
import { rawOperation } from "./operations.js";

/** The features that a client imports, in the order of the alphabet. */
export function readFeatures(document: Document, definition: ApiDefinition): readonly FeatureName[] {
  const features = new Set(featuresOf(definition));
  // The definition has one media type of a body; a caller may choose another one by a header.
  const isForm = ({ path, method }: ApiDefinition["operations"][string]) => {
    const { operation } = rawOperation(document, path, method);
    const content = object(object(document.dereference(operation["requestBody"]))["content"]);
    return Object.keys(content).some((mediaType) => mediaType.toLowerCase().startsWith("multipart/form-data"));
  };
  if (Object.values(definition.operations).some(isForm)) features.add("multipart");
  return [...features].sort();
}
