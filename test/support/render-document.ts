/** Documents given as data, through everything but the rules: what a hostile or broken one leads to is of interest too. */

import { mendDocument } from "../../scripts/mend/mend.js";
import { buildModel } from "../../scripts/model/build.js";
import type { ApiModel } from "../../scripts/model/model.js";
import { type GeneratedFile, renderApi } from "../../scripts/render/render.js";
import { compileTemplates, loadTemplates } from "../../scripts/render/templates.js";
import { packageFile } from "../../scripts/root.js";
import { type Document, loadDocument } from "../../scripts/spec/document.js";

const templates = compileTemplates(loadTemplates(packageFile("templates")));

/** Where the runtime is for the folder that `compileErrors` sees the files in. */
export const RUNTIME = "../../src/index.js";

export function asDocument(name: string, content: object | string): Document {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  const { document, diagnostics } = loadDocument(`specs/${name}.yaml`, text);
  if (document === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return mendDocument(document).document;
}

export function modelOf(content: object | string, name = "example"): ApiModel {
  return buildModel(asDocument(name, content));
}

export function renderDocument(name: string, content: object | string, runtime = RUNTIME): GeneratedFile[] {
  const document = asDocument(name, content);
  return renderApi(buildModel(document), document, { templates, runtime, command: "npx keyturn generate" });
}
