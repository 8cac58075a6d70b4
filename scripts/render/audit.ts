/**
 * Reads a template before it runs. Text of a document is harmless only behind the helper of its context, so everything else that
 * could print a value is an error here, with its place: a bare expression, one without escapes, a helper, a partial or a field
 * that there is not, also in `#if` and `#each`, where Handlebars would be silent.
 */

import Handlebars from "handlebars";
import { nearest } from "../nearest.js";
import { ALLOWED, type HelperName, isHelper } from "./allowed.js";
import type { Shape } from "./shapes.js";

/** A template or a partial, and the file that it stands in. */
export interface TemplateSource {
  readonly file: string;
  readonly text: string;
}

/** What is wrong with a template. */
export interface TemplateFault {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
}

type Partials = Readonly<Record<string, TemplateSource>>;

/** What names mean at a place of a template. */
interface Scope {
  readonly shape: Shape;
  readonly outer?: Scope;
  /** Whether `@first` and the like mean something here. */
  readonly isElement: boolean;
}

/** The faults of a template that is given a view of this shape, and of the partials that it prints. */
export function auditTemplate(source: TemplateSource, shape: Shape, partials: Partials): TemplateFault[] {
  const audit = new Audit(partials);
  audit.source(source, { shape, isElement: false }, []);
  return audit.faults;
}

/** What stands in a template besides expressions, its partials included: all that is code of its author. */
export function staticText(source: TemplateSource, partials: Partials, seen = new Set<string>()): string {
  const texts: string[] = [];
  const collect = (program: hbs.AST.Program | undefined): void => {
    for (const node of program?.body ?? []) {
      if (node.type === "ContentStatement") texts.push(String((node as hbs.AST.ContentStatement).original));
      if (node.type === "BlockStatement") {
        collect((node as hbs.AST.BlockStatement).program);
        collect((node as hbs.AST.BlockStatement).inverse);
      }
      const name = node.type === "PartialStatement" ? nameOf((node as hbs.AST.PartialStatement).name) : "";
      const partial = Object.hasOwn(partials, name) ? partials[name] : undefined;
      if (partial === undefined || seen.has(name)) continue;
      seen.add(name);
      texts.push(staticText(partial, partials, seen));
    }
  };
  collect(Handlebars.parse(source.text));
  return texts.join("\n");
}

class Audit {
  readonly faults: TemplateFault[] = [];
  readonly #partials: Partials;
  readonly #told = new Set<string>();

  constructor(partials: Partials) {
    this.#partials = partials;
  }

  source(source: TemplateSource, scope: Scope, within: readonly string[]): void {
    let program: hbs.AST.Program;
    try {
      program = Handlebars.parse(source.text);
    } catch (error) {
      this.#tell(source, positionOf(error), messageOf(error));
      return;
    }
    new Reader(within, this.#partials, this, (node, message, hint) => {
      this.#tell(source, node.loc.start, message, hint);
    }).program(program, scope);
  }

  /** A partial is met once for each place that prints it; what is wrong with it is told once. */
  #tell({ file }: TemplateSource, { line, column }: hbs.AST.Position, message: string, hint?: string): void {
    const key = `${file}:${line}:${column}:${message}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.faults.push({ file, line, column: column + 1, message, ...(hint !== undefined && { hint }) });
  }
}

type Tell = (node: hbs.AST.Node, message: string, hint?: string) => void;

class Reader {
  readonly #within: readonly string[];
  readonly #partials: Partials;
  readonly #audit: Audit;
  readonly #tell: Tell;

  constructor(within: readonly string[], partials: Partials, audit: Audit, tell: Tell) {
    this.#within = within;
    this.#partials = partials;
    this.#audit = audit;
    this.#tell = tell;
  }

  program(program: hbs.AST.Program, scope: Scope): void {
    if (program.blockParams?.length) this.#tell(program.body[0] ?? program, "a block gives its value no name of its own");
    for (const node of program.body) this.#statement(node, scope);
  }

  #statement(node: hbs.AST.Statement, scope: Scope): void {
    if (node.type === "MustacheStatement") this.#mustache(node as hbs.AST.MustacheStatement, scope);
    else if (node.type === "BlockStatement") this.#block(node as hbs.AST.BlockStatement, scope);
    else if (node.type === "PartialStatement") this.#partial(node as hbs.AST.PartialStatement, scope);
    else if (node.type !== "ContentStatement" && node.type !== "CommentStatement")
      this.#tell(
        node,
        `templates have no ${SAID[node.type] ?? node.type}`,
        "write a file in partials/, and print it by its name",
      );
  }

  #mustache(node: hbs.AST.MustacheStatement, scope: Scope): void {
    const name = nameOf(node.path);
    const { params, hash } = node;
    if (!node.escaped) {
      this.#tell(
        node,
        `"${name}" would be printed as it is, whatever the document says`,
        "two braces, and the helper of the context",
      );
      return;
    }
    if (params.length === 0) {
      if (isHelper(name)) this.#tell(node, `"${name}" prints a value and was given none`);
      else this.#bare(node, name, scope);
      return;
    }
    if (!isHelper(name)) {
      this.#tell(node, `there is no helper "${name}"`, suggestion(name, Object.keys(ALLOWED)));
      return;
    }
    const { takes, options } = ALLOWED[name];
    if (params.length !== takes.length) this.#tell(node, `"${name}" takes ${takes.length} of what stands after it`);
    for (const [index, param] of params.entries()) this.#argument(param, name, takes[index] ?? [], scope);
    for (const pair of hash?.pairs ?? []) {
      if (!options.includes(pair.key)) this.#tell(pair, `"${name}" has no option "${pair.key}"`, suggestion(pair.key, options));
      else if (pair.value.type !== "NumberLiteral") this.#tell(pair, `the option "${pair.key}" is a number`);
    }
  }

  #bare(node: hbs.AST.MustacheStatement, name: string, scope: Scope): void {
    const shape = this.#shapeOf(node.path, scope);
    if (shape === undefined) return;
    const fitting = Object.entries(ALLOWED).filter(([, { takes }]) => takes.length === 1 && takes[0]?.includes(shape.kind));
    const helpers = fitting.map(([helper, { context }]) => `{{${helper} ${name}}} ${context}`);
    this.#tell(node, `"${name}" stands there bare, whatever the document says`, helpers.join(", "));
  }

  #argument(param: hbs.AST.Expression, helper: HelperName, takes: readonly string[], scope: Scope): void {
    if (param.type === "StringLiteral" && takes.includes("text")) return;
    const shape = this.#shapeOf(param, scope);
    if (shape === undefined || takes.includes(shape.kind)) return;
    this.#tell(param, `"${helper}" prints ${takes.join(" or ")}, and "${nameOf(param)}" is ${shape.kind}`);
  }

  #block({ path, params, program, inverse, hash }: hbs.AST.BlockStatement, scope: Scope): void {
    const name = nameOf(path);
    if (!BLOCKS.includes(name)) {
      this.#tell(path, `there is no block "${name}"`, suggestion(name, BLOCKS));
      return;
    }
    const [subject] = params;
    if (subject === undefined || params.length > 1 || hash?.pairs.length) {
      this.#tell(path, `"#${name}" takes one name`);
      return;
    }
    const shape = this.#shapeOf(subject, scope);
    if (shape === undefined) return;
    if (name !== "each") this.program(program, scope);
    else if (shape.kind === "list") this.program(program, { shape: shape.each, outer: scope, isElement: true });
    else this.#tell(subject, `"${nameOf(subject)}" is ${shape.kind} and no list`);
    if (inverse) this.program(inverse, scope);
  }

  #partial({ name: path, params, hash, loc, type }: hbs.AST.PartialStatement, scope: Scope): void {
    const name = nameOf(path);
    const partial = Object.hasOwn(this.#partials, name) ? this.#partials[name] : undefined;
    const fault = this.#partialFault(name, path, params.length > 1 || (hash?.pairs.length ?? 0) > 0);
    const here = { loc, type };
    if (fault !== undefined) this.#tell(here, fault);
    else if (partial === undefined)
      this.#tell(here, `there is no partial "${name}"`, suggestion(name, Object.keys(this.#partials)));
    if (fault !== undefined || partial === undefined) return;
    const [subject] = params;
    const shape = subject === undefined ? scope.shape : this.#shapeOf(subject, scope);
    if (shape !== undefined) this.#audit.source(partial, { ...scope, shape }, [...this.#within, name]);
  }

  #partialFault(name: string, path: hbs.AST.Node, isLaden: boolean): string | undefined {
    if (path.type !== "PathExpression") return "the name of a partial is not computed";
    if (isLaden) return `the partial "${name}" takes one name`;
    return this.#within.includes(name) ? `the partial "${name}" would print itself` : undefined;
  }

  /** What an expression stands for; `undefined` when it stands for nothing, which is told. */
  #shapeOf(expression: hbs.AST.Expression | hbs.AST.Node, scope: Scope): Shape | undefined {
    if (expression.type !== "PathExpression") {
      this.#tell(expression, `${SAID[expression.type] ?? "this"} is no value of a view`, "name one of its fields");
      return undefined;
    }
    const { data, depth, parts, original } = expression as hbs.AST.PathExpression;
    if (data) {
      if (scope.isElement && ["first", "last"].includes(String(parts[0])) && parts.length === 1) return POSITION;
      this.#tell(expression, `"${original}" means nothing here`, "within #each there are @first and @last");
      return undefined;
    }
    let current: Scope | undefined = scope;
    for (let level = 0; level < depth; level += 1) current = current?.outer;
    if (current === undefined) {
      this.#tell(expression, `"${original}" leads out of the view`);
      return undefined;
    }
    return this.#walk(expression, parts.map(String), current.shape);
  }

  #walk(expression: hbs.AST.Node, parts: readonly string[], from: Shape): Shape | undefined {
    let shape = from;
    for (const part of parts) {
      const fields: Readonly<Record<string, Shape>> = shape.kind === "view" ? shape.fields : {};
      const next = Object.hasOwn(fields, part) ? fields[part] : undefined;
      if (next === undefined) {
        this.#tell(expression, `there is no "${part}" here`, suggestion(part, Object.keys(fields)));
        return undefined;
      }
      shape = next;
    }
    return shape;
  }
}

/** What of Handlebars' own the templates use. */
export const BLOCKS: readonly string[] = ["if", "unless", "each"];

const POSITION: Shape = { kind: "flag", about: "Where the element stands." };

const SAID: Readonly<Record<string, string>> = {
  Decorator: "decorators",
  DecoratorBlock: "decorators or partials of their own",
  PartialBlockStatement: "partials with a block",
  SubExpression: "a helper within another",
  StringLiteral: "a text",
  NumberLiteral: "a number",
  BooleanLiteral: "true or false",
  NullLiteral: "null",
  UndefinedLiteral: "undefined",
};

function nameOf(node: hbs.AST.Node): string {
  return node.type === "PathExpression" ? (node as hbs.AST.PathExpression).original : String(SAID[node.type] ?? node.type);
}

function suggestion(name: string, known: readonly string[]): string | undefined {
  const near = nearest(name, known);
  if (near !== undefined) return `did you mean "${near}"?`;
  return known.length === 0 ? undefined : `there ${known.length === 1 ? "is" : "are"} ${known.join(", ")}`;
}

/** Handlebars' parser puts the place into the message, over several lines. */
function messageOf(error: unknown): string {
  const [first = "", ...more] = String(error instanceof Error ? error.message : error).split("\n");
  return /^Parse error/.test(first) ? `does not parse: ${more.at(-1) ?? ""}` : first.replace(/ - \d+:\d+$/, "");
}

function positionOf(error: unknown): hbs.AST.Position {
  const { lineNumber, column, message = "" } = error as { lineNumber?: number; column?: number; message?: string };
  const [, line] = /^Parse error on line (\d+)/.exec(message) ?? [];
  return { line: lineNumber ?? Number(line ?? 1), column: column ?? 0 };
}
