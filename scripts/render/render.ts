/** From a model to the files of its API, in memory: views into templates, then every module checked before any is returned. */

import type { Project, SourceFile } from "ts-morph";
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

  const schema = project.createSourceFile(
    "schema.ts",
    templates("schema.ts", schemaView(model, command, schemaTypes(document))),
  );
  markFilledParameters(schema, model.operations);

  const view: ViewOptions = { runtime, command, hasType: (path) => hasType(schema, path) };
  project.createSourceFile("operations.ts", templates("operations.ts", operationsView(model, view)));
  project.createSourceFile("lifecycle.ts", templates("lifecycle.ts", lifecycleView(model, view)));
  project.createSourceFile("client.ts", templates("client.ts", clientView(model, view)));
  project.createSourceFile("index.ts", templates("index.ts", clientView(model, view)));

  const modules = project.getSourceFiles().map((file) => checked(file, project, runtime));
  return [...modules, { name: "README.md", text: templates("README.md", readmeView(model, view)) }];
}

function checked(file: SourceFile, project: Project, runtime: string): GeneratedFile {
  const name = file.getBaseName();
  const siblings = project.getSourceFiles().map((sibling) => `./${sibling.getBaseNameWithoutExtension()}.js`);
  checkModule(file, name as ModuleName, [runtime, ...siblings]);
  return { name, text: file.getFullText() };
}
