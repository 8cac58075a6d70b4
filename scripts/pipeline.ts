/** The heart: load → mend → check → build → render. A document in, its files in memory out; nothing is written here. */

import { type Diagnostic, hasErrors, inOrder } from "./diagnostics.js";
import { includeOperations, type Wanted } from "./mend/inclusion.js";
import { mendDocument } from "./mend/mend.js";
import { buildModel } from "./model/build.js";
import type { ApiModel } from "./model/model.js";
import { type GeneratedFile, renderApi } from "./render/render.js";
import { compileTemplates, TemplateError, type TemplateSources } from "./render/templates.js";
import { check } from "./rules/index.js";
import { type AssembleOptions, assembleDocument } from "./spec/assemble.js";
import type { Document, SourceFile } from "./spec/document.js";
import { LOCAL_REFERENCE } from "./spec/loading.js";
import type { Sources } from "./spec/sources.js";

export interface PipelineOptions extends AssembleOptions {
  readonly templates: TemplateSources;
  /** What generated code imports the runtime from. */
  readonly runtime: string;
  /** What makes the files again, for their first line. */
  readonly command: string;
  /** Whether nothing is generated from a document that has to be mended. Default: `false`. */
  readonly strict?: boolean;
  /** The name of the API. Default: the document's. */
  readonly name?: string;
  /** The name of the client in code. Default: made from the API's. */
  readonly client?: string;
  /** The operations that the client has. Default: all. */
  readonly include?: Wanted;
}

export interface Generated {
  /** Left out when an error forbids generation. */
  readonly files?: readonly GeneratedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A document as it is after mending, and what it says. */
export interface Understood {
  /** Both are left out when an error forbids going on. */
  readonly document?: Document;
  readonly model?: ApiModel;
  readonly diagnostics: readonly Diagnostic[];
  /** Every file that was read. */
  readonly read: readonly SourceFile[];
}

/**
 * @param path the document's file, relative to the project; it is named in every generated file.
 * @param sources reads the document and everything that belongs to it.
 * @throws {UnsafeOutputError} when what was generated is not what it should be, a fault of the generator.
 */
export async function generate(path: string, sources: Sources, options: PipelineOptions): Promise<Generated> {
  const { document, model, diagnostics } = await understand(path, sources, options);
  if (document === undefined || model === undefined) return { diagnostics };
  try {
    const files = renderApi(model, document, { ...options, templates: compileTemplates(options.templates) });
    return { files, diagnostics };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const faults = error.faults.map((fault): Diagnostic => ({ rule: "template", severity: "error", ...fault }));
    return { diagnostics: inOrder([...diagnostics, ...faults]) };
  }
}

/** Everything that comes before the templates. */
export async function understand(
  path: string,
  sources: Sources,
  options: Pick<PipelineOptions, "overlays" | "strict" | "name" | "client" | "include">,
): Promise<Understood> {
  const { document: written, diagnostics: told, files: read } = await assembleDocument(path, sources, options);
  const loading = options.strict ? told.map(strictly) : told;
  if (written === undefined || hasErrors(loading)) return { diagnostics: inOrder(loading), read };

  const { document: mended, diagnostics: mendings } = mendDocument(written, options);
  const { document, diagnostics: left } = includeOperations(mended, options.include ?? EVERYTHING);
  const diagnostics = inOrder([...notMended(loading, mendings), ...mendings, ...left, ...check(document)]);
  return hasErrors(diagnostics) ? { diagnostics, read } : { document, model: buildModel(document, options), diagnostics, read };
}

const EVERYTHING: Wanted = { tags: [], paths: [], operationIds: [] };

/** Where nothing is mended, what loading makes of a document that is not as it should be is an error as well. */
function strictly(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: "error" };
}

/** Of a reference that leads nowhere both may speak; mending says what became of it. */
function notMended(loading: readonly Diagnostic[], mendings: readonly Diagnostic[]): readonly Diagnostic[] {
  const placeOf = ({ file, line, column }: Diagnostic) => `${file}:${line}:${column}`;
  const mended = new Set(mendings.map(placeOf));
  return loading.filter((said) => said.rule !== LOCAL_REFERENCE.id || !mended.has(placeOf(said)));
}
