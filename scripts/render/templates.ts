/** The templates: loaded from their folder, compiled so that a misspelt name is an error, and run on a view. */

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import Handlebars from "handlebars";
import { HELPERS } from "./helpers.js";

/** The text of each template by the file that it makes (`client.ts`), and of each partial by its name. */
export interface TemplateSources {
  readonly templates: Readonly<Record<string, string>>;
  readonly partials: Readonly<Record<string, string>>;
}

/** Prints a file from its view. */
export type Templates = (file: string, view: object) => string;

export function loadTemplates(folder: string): TemplateSources {
  return { templates: readFolder(folder), partials: readFolder(path.join(folder, "partials")) };
}

/** @throws {Error} with the place, when a template names a helper, a partial or a value that is not there. */
export function compileTemplates({ templates, partials }: TemplateSources): Templates {
  const handlebars = Handlebars.create();
  for (const name of Object.keys(handlebars.helpers)) if (!BLOCKS.includes(name)) handlebars.unregisterHelper(name);
  handlebars.registerHelper(HELPERS);
  for (const [name, source] of Object.entries(partials)) handlebars.registerPartial(name, source);
  const knownHelpers = Object.fromEntries(Object.keys(handlebars.helpers).map((name) => [name, true]));
  const options = { strict: true, noEscape: true, knownHelpersOnly: true, knownHelpers } satisfies CompileOptions;
  const compiled = new Map(
    Object.entries(templates).map(([file, source]) => [file, handlebars.compile(source, options)] as const),
  );
  return (file, view) => {
    const template = compiled.get(file);
    if (template === undefined) throw new Error(`there is no template for ${file}`);
    return tidy(template(view));
  };
}

/** What of Handlebars' own the templates use. */
const BLOCKS: readonly string[] = ["if", "unless", "each"];

/** A partial indents every line it prints, blank ones too. */
function tidy(text: string): string {
  return `${text.replace(/[ \t]+$/gm, "").trimEnd()}\n`;
}

function readFolder(folder: string): Record<string, string> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".hbs"))
    .sort();
  return Object.fromEntries(
    files.map((file) => [file.slice(0, -".hbs".length), readFileSync(path.join(folder, file), "utf8")]),
  );
}
