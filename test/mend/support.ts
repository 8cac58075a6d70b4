import { inOrder } from "../../scripts/diagnostics.js";
import { mendDocument } from "../../scripts/mend/mend.js";
import { at } from "../../src/lifecycle/expression.js";
import { load } from "../rules/support.js";

/** What becomes of a part of a document, and what is said of it: `rule line:column message`. */
export function mended(document: object | string, pointer = ""): { value: unknown; said: string[] } {
  const given = load(typeof document === "string" ? document : JSON.stringify({ openapi: "3.1.0", ...document }));
  const { document: result, diagnostics } = mendDocument(given);
  return { value: at(result.root, pointer), said: inOrder(diagnostics).map(({ rule, message }) => `${rule}: ${message}`) };
}

/** A document with one operation, of these parts. */
export function operation(parts: object, more: object = {}): object {
  return { paths: { "/a": { get: { operationId: "a", ...parts } } }, ...more };
}

/** A document with the schema `A`, and others. */
export function schema(value: unknown, others: object = {}): object {
  return { components: { schemas: { A: value, ...others } } };
}
