/** From a model to the files of its API, in memory: views into templates, then every module checked before any is returned. */

import type { ApiModel } from "../model/model.js";
import type { Document } from "../spec/document.js";
import { checkModule, type ModuleName, UnsafeOutputError } from "./modules.js";
import { checkOwnModule } from "./own-modules.js";
import { checkPage } from "./pages.js";
import { schemaTypes } from "./schema/types.js";
import { type OwnParts, type Rendered, TemplateError, type Templates } from "./templates.js";
import { clientView, documentView, lifecycleView, operationsView, readmeView, schemaView, type ViewOptions } from "./views.js";

export interface GeneratedFile {
  /** `client.ts`, within the folder of its API. */
  readonly name: string;
  readonly text: string;
}

export interface RenderOptions {
  readonly templates: Templates;
  /** What generated code imports the runtime from: `keyturn`, but for this project itself. */
  readonly runtime: string;
  /** What a reader of a generated file runs to make it again. */
  readonly command: string;
}

/**
 * @param document openapi-typescript reads it by itself; everything else comes from the model.
 * @throws {UnsafeOutputError} when a file is not made of what it should be; nothing is returned then.
 * @throws {TemplateError} when what a template of the project makes is not.
 */
export function renderApi(model: ApiModel, document: Document, options: RenderOptions): GeneratedFile[] {
  const { templates, runtime, command } = options;
  const { text: types, hasType } = schemaTypes(document, {
    filled: model.operations,
    asked: model.challenges.map(({ operation }) => operation),
  });
  const view: ViewOptions = { runtime, command, hasType };
  const views: Readonly<Record<ModuleName | "README.md", object>> = {
    "schema.ts": schemaView(model, command, types),
    "operations.ts": operationsView(model, view),
    "lifecycle.ts": lifecycleView(model, view),
    "client.ts": clientView(model, view),
    "index.ts": clientView(model, view),
    "README.md": readmeView(model, view),
  };
  const names = [...Object.keys(views), ...templates.added];
  const specifiers = [runtime, ...names.map((name) => `./${name.replace(/\.ts$/, ".js")}`)];
  return [
    ...Object.entries(views).map(([name, view]) => checked(name, templates.render(name, view), specifiers)),
    ...(templates.added.length > 0 ? added(templates, documentView(model, view), specifiers) : []),
  ];
}

function added(templates: Templates, view: object, specifiers: readonly string[]): GeneratedFile[] {
  return templates.added.map((name) => checked(name, templates.render(name, view), specifiers));
}

function checked(name: string, { text, own }: Rendered, specifiers: readonly string[]): GeneratedFile {
  if (own !== undefined) checkOwn(name, text, own, specifiers);
  else if (name.endsWith(".md")) checkPage(name, text);
  else checkModule(name as ModuleName, text, specifiers);
  return { name, text };
}

/** What a template of the project made wrong is no fault of the generator. */
function checkOwn(name: string, text: string, own: OwnParts, specifiers: readonly string[]): void {
  try {
    if (name.endsWith(".md")) checkPage(name, text, own.text);
    else checkOwnModule(name, text, own, specifiers);
  } catch (error) {
    if (!(error instanceof UnsafeOutputError)) throw error;
    throw new TemplateError([{ file: own.file, line: 1, column: 1, message: error.message }]);
  }
}
