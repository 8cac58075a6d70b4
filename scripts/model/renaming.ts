/** Says which methods do not go by the operationId of the document, and why. */

import type { Diagnostic } from "../diagnostics.js";
import type { Document } from "../spec/document.js";
import { join } from "../spec/pointer.js";
import type { ApiModel } from "./model.js";

export function renamingDiagnostics(document: Document, { operations, renamed }: ApiModel): Diagnostic[] {
  return renamed.flatMap(({ operationId, name, reason }): Diagnostic[] => {
    const operation = operations.find((one) => one.operationId === operationId);
    if (operation === undefined) return [];
    const pointer = join("", "paths", operation.data.path, operation.data.method, "operationId");
    return [
      {
        rule: "method-name",
        severity: "warning",
        message: `"${operationId}" is a ${reason} already, so the method is called "${name}"`,
        hint: "give the operation another operationId to choose the name",
        file: document.path,
        ...document.locate(pointer),
        pointer,
      },
    ];
  });
}
