/** Operations with the document's own words about them. */

import type { ApiDefinition } from "../../src/lifecycle/contract.js";
import { operationOf } from "../../src/lifecycle/operations.js";
import type { Document } from "../spec/document.js";
import { type Json, list, object } from "../spec/pointer.js";
import { exampleCall } from "./examples.js";
import type { Link, OperationModel } from "./model.js";
import { textOf } from "./text.js";

export function readOperations(document: Document, operations: ApiDefinition["operations"]): OperationModel[] {
  return Object.entries(operations).map(([name, data]) => {
    const { pathItem, operation } = rawOperation(document, data.path, data.method);
    const [tag] = list(operation["tags"]);
    const summary = textOf(operation["summary"]);
    const description = textOf(operation["description"]);
    const documentation = readLink(operation["externalDocs"]);
    return {
      name,
      data,
      ...(typeof tag === "string" && { tag }),
      ...(summary && { summary }),
      ...(description && { description }),
      deprecated: operation["deprecated"] === true,
      ...(documentation && { documentation }),
      example: exampleCall(document, pathItem, operation, data),
    };
  });
}

/** An Operation Object and the Path Item Object that holds it. */
export function rawOperation(document: Document, path: string, method: string): { pathItem: Json; operation: Json } {
  const pathItem = object(document.dereference(object(object(document.root)["paths"])[path]));
  return { pathItem, operation: operationOf(pathItem, method) ?? {} };
}

/** An External Documentation Object, when its address is one of the web. */
export function readLink(externalDocs: unknown): Link | undefined {
  const stated = object(externalDocs);
  const url = textOf(stated["url"]);
  if (url === undefined || !/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  const description = textOf(stated["description"]);
  return { url: new URL(url).href, ...(description && { description }) };
}
