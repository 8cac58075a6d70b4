/** A document: the plain data of an OpenAPI description, and where in the text each part of it stands. */

import { LineCounter, type YAMLError } from "yaml";
import { at } from "../../src/lifecycle/expression.js";
import type { Diagnostic } from "../diagnostics.js";
import { DUPLICATE_KEY, OPENAPI_VERSION, SYNTAX } from "./loading.js";
import { follow } from "./node.js";
import { BoundError, parseTree, plainData } from "./parse.js";
import { isObject } from "./pointer.js";
import { type Part, type Place, Positions, placeAt } from "./positions.js";
import { unusableReferences } from "./references.js";

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
}

/** Reads a document from its text, YAML or JSON, and reports everything that stands in the way at once. */
export function loadDocument(path: string, text: string): Loaded {
  const file = path.replaceAll("\\", "/");
  const lines = new LineCounter();
  const files = [{ path: file, text }];
  try {
    const tree = parseTree(text, lines);
    const positions = new Positions(tree, text, lines);
    const problems = [...tree.errors, ...tree.warnings].map((problem) => syntaxProblem(problem, file, positions));
    if (problems.some(({ severity }) => severity === "error")) return { diagnostics: problems, files };

    const root = plainData(tree);
    const refusal = refuse(root);
    if (refusal !== undefined) {
      const { pointer, message, hint } = refusal;
      const diagnostic = { ...OPENAPI_VERSION.says(message, hint), file, ...positions.locate(pointer), pointer };
      return { diagnostics: [...problems, diagnostic], files };
    }
    const document = asDocument(file, text, root, positions);
    return { document, diagnostics: [...problems, ...unusableReferences(document)], files };
  } catch (error) {
    if (!(error instanceof BoundError)) throw error;
    return { diagnostics: [{ ...SYNTAX.says(error.message), file, ...placeAt(lines, error.offset) }], files };
  }
}

function asDocument(path: string, text: string, root: unknown, positions: Positions): Document {
  return {
    name: path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]+$/, ""),
    path,
    text,
    root,
    locate: (pointer, part) => ({ file: path, ...positions.locate(pointer, part) }),
    locateCharacter: (pointer, offset) => ({ file: path, ...positions.locateCharacter(pointer, offset) }),
    dereference: (value) => follow({ root }, { pointer: "", value })?.value,
  };
}

function syntaxProblem(problem: YAMLError, file: string, positions: Positions): Diagnostic {
  const place = { file, ...positions.span(problem.pos[0], problem.pos[1]) };
  if (problem.code === "DUPLICATE_KEY") {
    return {
      ...DUPLICATE_KEY.says("this key stands in the same map before; the last one wins", "remove one of them"),
      ...place,
    };
  }
  const said = SYNTAX.says(sentence(problem.message));
  return { ...said, severity: problem.name === "YAMLWarning" ? "warning" : "error", ...place };
}

function refuse(root: unknown): { pointer: string; message: string; hint?: string } | undefined {
  if (root === null || root === undefined) return { pointer: "", message: "the document is empty" };
  if (!isObject(root)) return { pointer: "", message: "an OpenAPI document is a map" };
  if (at(root, "/swagger") !== undefined) {
    const hint = "convert it to OpenAPI 3 first, for example with https://converter.swagger.io";
    return { pointer: "/swagger", message: "Swagger 2.0 is not read, only OpenAPI 3.0, 3.1 and 3.2", hint };
  }
  const version = at(root, "/openapi");
  if (version === undefined)
    return { pointer: "", message: 'the member "openapi" is missing', hint: "start with openapi: 3.1.0" };
  if (typeof version !== "string") {
    return { pointer: "/openapi", message: "the version is a string with three parts", hint: "write openapi: 3.1.0" };
  }
  if (/^3\.[0-2]\.\d+/.test(version)) return undefined;
  return { pointer: "/openapi", message: `version "${version}" is not read, only OpenAPI 3.0, 3.1 and 3.2` };
}

function sentence(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, "");
}
