import { compareDocuments } from "../../scripts/changes/compare.js";
import { type Document, loadDocument } from "../../scripts/spec/document.js";

export function load(text: string): Document {
  const { document, diagnostics } = loadDocument("test.yaml", text);
  if (document === undefined) throw new Error(diagnostics.map(({ line, message }) => `${line}: ${message}`).join("\n"));
  return document;
}

/** Every change between two texts: `breaking a, b: message`. */
export function changes(before: string, after: string): string[] {
  return compareDocuments(load(before), load(after)).map(({ impact, operations, message }) =>
    operations.length === 0 ? `${impact}: ${message}` : `${impact} ${operations.join(", ")}: ${message}`,
  );
}

/** A document with these members of its operation `a`, and these of the document itself. */
export function operation(members: string, top = ""): string {
  return `openapi: 3.1.0
info: { title: Test, version: "1" }
paths:
  /a:
    post:
      operationId: a
${indent(members, 6)}
${top}
`;
}

/** A document whose operation sends this schema. */
export function sends(schema: string, components = ""): string {
  return operation(`requestBody: { content: { application/json: { schema: ${schema} } } }`, componentsOf(components));
}

/** A document whose operation is answered with this schema. */
export function gets(schema: string, components = ""): string {
  return operation(
    `responses: { "200": { description: OK., content: { application/json: { schema: ${schema} } } } }`,
    componentsOf(components),
  );
}

function componentsOf(schemas: string): string {
  return schemas === "" ? "" : `components:\n  schemas:\n${indent(schemas, 4)}`;
}

export function indent(text: string, by: number): string {
  return text
    .replace(/^\n|\n$/g, "")
    .split("\n")
    .map((line) => `${" ".repeat(by)}${line}`)
    .join("\n");
}
