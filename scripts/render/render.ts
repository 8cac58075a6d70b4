/** From a model to the files of its API, in memory: views into templates, then every module checked before any is returned. */

import type { ApiModel } from "../model/model.js";
import type { Document } from "../spec/document.js";
import { checkModule, type ModuleName } from "./modules.js";
import { schemaTypes } from "./schema/types.js";
import type { Templates } from "./templates.js";
import { clientView, lifecycleView, operationsView, readmeView, schemaView, type ViewOptions } from "./views.js";

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
 * @throws {UnsafeOutputError} when a module is not made of what it should be; nothing is returned then.
 */
export function renderApi(model: ApiModel, document: Document, options: RenderOptions): GeneratedFile[] {
  const { templates, runtime, command } = options;
  const { text: types, hasType } = schemaTypes(document, model.operations);
  const view: ViewOptions = { runtime, command, hasType };
  const modules: readonly Module[] = [
    { name: "schema.ts", text: templates("schema.ts", schemaView(model, command, types)) },
    { name: "operations.ts", text: templates("operations.ts", operationsView(model, view)) },
    { name: "lifecycle.ts", text: templates("lifecycle.ts", lifecycleView(model, view)) },
    { name: "client.ts", text: templates("client.ts", clientView(model, view)) },
    { name: "index.ts", text: templates("index.ts", clientView(model, view)) },
  ];
  const specifiers = [runtime, ...modules.map(({ name }) => `./${name.replace(/\.ts$/, ".js")}`)];
  for (const { name, text } of modules) checkModule(name, text, specifiers);
  return [...modules, { name: "README.md", text: templates("README.md", readmeView(model, view)) }];
}

interface Module extends GeneratedFile {
  readonly name: ModuleName;
}
