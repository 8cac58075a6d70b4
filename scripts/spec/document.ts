/** A document: the plain data of an OpenAPI description, and where in the text each part of it stands. */

import { at } from "../../src/lifecycle/expression.js";
import { type Diagnostic, hasErrors } from "../diagnostics.js";
import { OPENAPI_VERSION } from "./loading.js";
import { follow } from "./node.js";
import { isObject } from "./pointer.js";
import type { Part, Place } from "./positions.js";
import { foreignReferences } from "./references.js";
import { readSource, type SourceData } from "./source.js";
import { isWhole, versionMeant } from "./version.js";

export interface Document {
  /** The file's name without its ending; names the API. */
  readonly name: string;
  /** The path as it was given, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** Plain objects, arrays and scalars. Where YAML has an alias, one object stands in several places. */
  readonly root: unknown;
  /** Where the value at a JSON Pointer stands, or its key; a pointer that leads nowhere yields the nearest ancestor's key. */
  locate(pointer: string, part?: Part): Place;
  /** Where one character of the string at a JSON Pointer stands; `offset` counts from 0. */
  locateCharacter(pointer: string, offset: number): Place;
  /** Follows local references until something else stands there; a dangling or circular one yields `undefined`. */
  dereference(value: unknown): unknown;
}

/** A file that was read, by its path relative to the project with `/`, or by its URL. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface Loaded {
  /** Left out when the text cannot be read as an OpenAPI document at all. */
  readonly document?: Document;
  readonly diagnostics: readonly Diagnostic[];
  /** Every file that was read: the document first, then overlays and what references lead to. */
  readonly files: readonly SourceFile[];
  /** The files that references lead to and that are not there: when one appears, the document is another. Default: none. */
  readonly missing?: readonly string[];
}

/** Reads a document from its text, YAML or JSON, and reports everything that stands in the way at once. */
export function loadDocument(path: string, text: string): Loaded {
  const file = path.replaceAll("\\", "/");
  const files = [{ path: file, text }];
  const { root, positions, diagnostics } = readDocument(file, text);
  if (hasErrors(diagnostics)) return { diagnostics, files };
  const document = asDocument(
    { path: file, text, root },
    {
      locate: (pointer, part) => ({ file, ...positions.locate(pointer, part) }),
      locateCharacter: (pointer, value, offset) => ({ file, ...positions.locateCharacter(pointer, value, offset) }),
    },
  );
  return { document, diagnostics: [...diagnostics, ...foreignReferences(document)], files };
}

/** The data of a text that should be an OpenAPI document, and everything that is wrong with the text. */
export function readDocument(file: string, text: string): SourceData {
  const { root, positions, diagnostics } = readSource(file, text);
  const refusal = hasErrors(diagnostics) ? undefined : refuse(root);
  if (refusal === undefined) return { root, positions, diagnostics };
  const { pointer, message, hint, severity = "error" } = refusal;
  const diagnostic: Diagnostic = {
    ...OPENAPI_VERSION.says(message, hint),
    severity,
    file,
    ...positions.locate(pointer),
    pointer,
  };
  return { root, positions, diagnostics: [...diagnostics, diagnostic] };
}

/** Where the parts of a document stand. */
export interface Locator {
  locate(pointer: string, part?: Part): Place;
  /** @param value the string that stands at the pointer. */
  locateCharacter(pointer: string, value: string, offset: number): Place;
}

export function asDocument({ path, text, root }: Pick<Document, "path" | "text" | "root">, locator: Locator): Document {
  return {
    name: path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]+$/, ""),
    path,
    text,
    root,
    locate: (pointer, part) => locator.locate(pointer, part),
    locateCharacter(pointer, offset) {
      const value = at(root, pointer);
      return typeof value === "string" ? locator.locateCharacter(pointer, value, offset) : locator.locate(pointer);
    },
    dereference: (value) => follow({ root }, { pointer: "", value })?.value,
  };
}

interface Refusal {
  readonly pointer: string;
  readonly message: string;
  readonly hint?: string;
  /** Default: an error. */
  readonly severity?: "warning";
}

/** What else a file may be, by what only that has. */
const OTHERS: readonly (readonly [pointer: string, what: string])[] = [
  ["/arazzo", "an Arazzo Description"],
  ["/asyncapi", "an AsyncAPI document"],
  ["/overlay", "an Overlay"],
  ["/swaggerVersion", "a Swagger 1 document"],
  ["/info/_postman_id", "a Postman collection"],
  ["/$schema", "a JSON Schema"],
];

/** What is wrong with the version of a document; a warning where it is clear all the same. */
function refuse(root: unknown): Refusal | undefined {
  if (root === null || root === undefined) return { pointer: "", message: "the document is empty" };
  if (!isObject(root)) return { pointer: "", message: "an OpenAPI document is a map" };
  if (at(root, "/swagger") !== undefined) {
    const hint = "convert it to OpenAPI 3 first, for example with https://converter.swagger.io";
    return { pointer: "/swagger", message: "Swagger 2.0 is not read, only OpenAPI 3.0, 3.1 and 3.2", hint };
  }
  const version = at(root, "/openapi");
  if (version === undefined) {
    const other = OTHERS.find(([pointer]) => at(root, pointer) !== undefined);
    if (other !== undefined) return { pointer: other[0], message: `this is ${other[1]}, not an OpenAPI document` };
    return { pointer: "", message: 'the member "openapi" is missing', hint: "start with openapi: 3.1.0" };
  }
  if (isWhole(version)) return undefined;
  const meant = versionMeant(version);
  if (meant !== undefined) {
    const message = `the version is a text with three parts; it is taken for ${meant}`;
    return { pointer: "/openapi", message, hint: `write openapi: ${meant}`, severity: "warning" };
  }
  return { pointer: "/openapi", message: `version "${version}" is not read, only OpenAPI 3.0, 3.1 and 3.2` };
}
