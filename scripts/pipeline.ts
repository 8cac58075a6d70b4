/** The heart: load → mend → check → build → render. A document in, its files in memory out; nothing is written here. */

import { type Diagnostic, hasErrors, inOrder } from "./diagnostics.js";
import { mendDocument } from "./mend/mend.js";
import { buildModel } from "./model/build.js";
import type { ApiModel } from "./model/model.js";
import { type GeneratedFile, renderApi } from "./render/render.js";
import { compileTemplates, type TemplateSources } from "./render/templates.js";
import { check } from "./rules/index.js";
import { type Document, loadDocument } from "./spec/document.js";

export interface PipelineOptions {
  readonly templates: TemplateSources;
  /** What generated code imports the runtime from. */
  readonly runtime: string;
  /** What makes the files again, for their first line. */
  readonly command: string;
  /** Whether nothing is generated from a document that has to be mended. Default: `false`. */
  readonly strict?: boolean;
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
}

/**
 * @param path the document's file, relative to the project; it is named in every generated file.
 * @throws {UnsafeOutputError} when what was generated is not what it should be, a fault of the generator.
 */
export async function generate(path: string, text: string, options: PipelineOptions): Promise<Generated> {
  const { document, model, diagnostics } = understand(path, text, options);
  if (document === undefined || model === undefined) return { diagnostics };
  const files = renderApi(model, document, { ...options, templates: compileTemplates(options.templates) });
  return { files, diagnostics };
}

/** Everything that comes before the templates. */
export function understand(path: string, text: string, options: Pick<PipelineOptions, "strict">): Understood {
  const { document: written, diagnostics: loading } = loadDocument(path, text);
  if (written === undefined || hasErrors(loading)) return { diagnostics: inOrder(loading) };

  const { document, diagnostics: mended } = mendDocument(written, options);
  const diagnostics = inOrder([...loading, ...mended, ...check(document)]);
  return hasErrors(diagnostics) ? { diagnostics } : { document, model: buildModel(document), diagnostics };
}
