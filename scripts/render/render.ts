/** From a model to the files of its API, in memory: views into templates, then every module checked before any is returned. */

import type { SourceFile } from "ts-morph";
import type { ApiModel } from "../model/model.js";
import type { Document } from "../spec/document.js";
import { checkModule, type ModuleName } from "./modules.js";
import { hasType, markFilledParameters } from "./schema/module.js";
import { schemaTypes } from "./schema/types.js";
import type { Templates } from "./templates.js";
import { tsMorph } from "./tools.js";
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
  const project = new tsMorph.Project({ useInMemoryFileSystem: true, compilerOptions: { noLib: true, noResolve: true } });
  const add = (name: ModuleName, view: object) => project.createSourceFile(name, templates(name, view));

  const schema = add("schema.ts", schemaView(model, command, schemaTypes(document)));
  markFilledParameters(schema, model.operations);

  const view: ViewOptions = { runtime, command, hasType: (path) => hasType(schema, path) };
  const modules = [
    schema,
    add("operations.ts", operationsView(model, view)),
    add("lifecycle.ts", lifecycleView(model, view)),
    add("client.ts", clientView(model, view)),
    add("index.ts", clientView(model, view)),
  ];
  const readme = { name: "README.md", text: templates("README.md", readmeView(model, view)) };
  return [...modules.map((module) => checked(module, modules, runtime)), readme];
}

function checked(module: SourceFile, modules: readonly SourceFile[], runtime: string): GeneratedFile {
  const name = module.getBaseName() as ModuleName;
  const siblings = modules.map((sibling) => `./${sibling.getBaseNameWithoutExtension()}.js`);
  checkModule(module, name, [runtime, ...siblings]);
  return { name, text: module.getFullText() };
}
