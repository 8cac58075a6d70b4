/** The templates: loaded from their folders, read before they run, compiled on the strictest settings, and run on a view. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import Handlebars from "handlebars";
import { auditTemplate, BLOCKS, staticText, type TemplateFault, type TemplateSource } from "./audit.js";
import { HELPERS, type SourceText } from "./helpers.js";
import { ADDED, SHAPES } from "./shapes.js";

/** Each template by the file that it makes (`client.ts`), and each partial by its name. */
export interface TemplateSources {
  readonly templates: Readonly<Record<string, TemplateSource>>;
  readonly partials: Readonly<Record<string, TemplateSource>>;
  /** The templates and partials of the project itself, which take the place of ours or make further files. */
  readonly own?: Omit<TemplateSources, "own">;
}

/** A file as its template printed it. */
export interface Rendered {
  readonly text: string;
  /** What it may be made of, when a template or a partial of the project has a part in it. */
  readonly own?: OwnParts;
}

/** What an author wrote, and what tools of ours made: the rest is a document's, and must be data. */
export interface OwnParts {
  /** The file of the template. */
  readonly file: string;
  /** What stands in the templates besides expressions. */
  readonly text: string;
  /** The names of code that were printed. */
  readonly names: ReadonlySet<string>;
  /** The code that was printed. */
  readonly sources: readonly string[];
}

export interface Templates {
  /** The files that the project adds. */
  readonly added: readonly string[];
  /** Prints a file from its view. */
  render(file: string, view: object): Rendered;
}

/** Templates that cannot be used, each fault with its place. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly faults: readonly TemplateFault[];

  constructor(faults: readonly TemplateFault[]) {
    super(
      faults
        .map(({ file, line, column, message, hint }) => `${file}:${line}:${column} ${message}${hint ? `; ${hint}` : ""}`)
        .join("\n"),
    );
    this.faults = faults;
  }
}

/**
 * @param folder our own templates.
 * @param own the project's, and what to call that folder in messages.
 */
export function loadTemplates(folder: string, own?: { readonly folder: string; readonly name: string }): TemplateSources {
  return { ...readTemplates(folder, "templates"), ...(own && { own: readTemplates(own.folder, own.name) }) };
}

/** @throws {TemplateError} when one could print what it must not, or names what there is not. */
export function compileTemplates({ templates, partials, own }: TemplateSources): Templates {
  const all = { ...templates, ...own?.templates };
  const parts = { ...partials, ...own?.partials };
  const added = Object.keys(all).filter((file) => !Object.hasOwn(SHAPES, file));
  // Ours alone have been read in the tests.
  const suspects = own === undefined ? [] : Object.entries(all);
  const faults = suspects.flatMap(([file, source]) => [
    ...misnamed(file, source),
    ...auditTemplate(source, SHAPES[file] ?? ADDED, parts),
  ]);
  if (faults.length > 0) throw new TemplateError([...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()]);

  const printed = { names: new Set<string>(), sources: [] as string[] };
  const compile = compiler(parts, printed);
  const compiled = new Map(Object.entries(all).map(([file, source]) => [file, compile(source)] as const));
  const owned = new Map(
    Object.entries(all)
      .filter(([file, source]) => isOwn(file, source, { templates, partials, ...(own && { own }) }))
      .map(([file, source]) => [file, staticText(source, parts)]),
  );
  return {
    added,
    render(file, view) {
      const template = compiled.get(file);
      if (template === undefined) throw new Error(`there is no template for ${file}`);
      printed.names.clear();
      printed.sources.length = 0;
      const text = tidy(template(view));
      if (!BANNER.test(text)) throw new TemplateError([withoutBanner(all[file]?.file ?? file)]);
      const written = owned.get(file);
      if (written === undefined) return { text };
      const { file: place } = all[file] ?? { file };
      return { text, own: { file: place, text: written, names: new Set(printed.names), sources: [...printed.sources] } };
    },
  };
}

/** Whether a template, or a partial that it prints, is the project's. */
function isOwn(file: string, source: TemplateSource, { templates, partials, own }: TemplateSources): boolean {
  if (own === undefined) return false;
  if (templates[file] !== source) return true;
  return staticText(source, partials) !== staticText(source, { ...partials, ...own.partials });
}

function compiler(partials: TemplateSources["partials"], printed: { names: Set<string>; sources: string[] }) {
  const handlebars = Handlebars.create();
  for (const name of Object.keys(handlebars.helpers)) if (!BLOCKS.includes(name)) handlebars.unregisterHelper(name);
  handlebars.registerHelper({
    ...HELPERS,
    ident(value: unknown) {
      const name = HELPERS.ident(value);
      printed.names.add(name);
      return name;
    },
    source(value: unknown) {
      const text = HELPERS.source(value as SourceText);
      printed.sources.push(text);
      return text;
    },
  });
  for (const [name, { text }] of Object.entries(partials)) handlebars.registerPartial(name, text);
  const knownHelpers = Object.fromEntries(Object.keys(handlebars.helpers).map((name) => [name, true]));
  const options = { strict: true, noEscape: true, knownHelpersOnly: true, knownHelpers } satisfies CompileOptions;
  return ({ text }: TemplateSource) => {
    const template = handlebars.compile(text, options);
    return (view: object) => template(view, { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false });
  };
}

/** What a project adds is a module or a page: of nothing else is it known how to tell what a document says from code. */
function misnamed(file: string, { file: place }: TemplateSource): TemplateFault[] {
  if (Object.hasOwn(SHAPES, file)) return [];
  const twin = Object.keys(SHAPES).find((name) => name.toLowerCase() === file.toLowerCase());
  const said = twin === undefined ? undefined : `${file} and ${twin} would be one file on some systems`;
  const wrong = /^[A-Za-z0-9_](?:[\w.-]*\w)?\.(?:ts|md)$/.test(file)
    ? said
    : `a template makes a .ts or an .md file, of letters, digits, ".", "-" and "_", and this would make "${file}"`;
  return wrong === undefined ? [] : [{ file: place, line: 1, column: 1, message: wrong, hint: "rename the template" }];
}

/** What a file begins with: a file that does not is not known for a generated one, and neither mended nor removed. */
const BANNER = /^(?:\/\/|<!--) Generated by keyturn from /;

function withoutBanner(file: string): TemplateFault {
  const hint = file.endsWith(".md.hbs") ? "begin with {{> pagebanner origin}}" : "begin with {{> banner origin}}";
  return { file, line: 1, column: 1, message: "the file does not say where it comes from", hint };
}

/** A partial indents every line it prints, blank ones too. */
function tidy(text: string): string {
  return `${text.replace(/(?<![ \t])[ \t]+$/gm, "").trimEnd()}\n`;
}

function readTemplates(folder: string, name: string): Omit<TemplateSources, "own"> {
  const partials = path.join(folder, "partials");
  return {
    templates: readFolder(folder, name),
    partials: existsSync(partials) ? readFolder(partials, `${name}/partials`) : {},
  };
}

function readFolder(folder: string, name: string): Record<string, TemplateSource> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".hbs"))
    .sort();
  return Object.fromEntries(
    files.map((file) => [
      file.slice(0, -".hbs".length),
      { file: `${name}/${file}`, text: readFileSync(path.join(folder, file), "utf8") },
    ]),
  );
}
