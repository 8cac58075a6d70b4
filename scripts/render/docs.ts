/** The words above generated declarations: the document's own, then where in the document they come from. */

import type { ApiModel, InputModel, OperationModel } from "../model/model.js";
import { isMemberName } from "../model/names.js";
import { listInWords } from "../model/words.js";
import { commentLines } from "./comment.js";
import { literal, stringLiteral } from "./literal.js";

/** What a doc comment says. An empty text is none; templates ask with `#if`, so every field is there. */
export interface DocView {
  readonly text: string;
  readonly see: string;
  readonly example: string;
  readonly isDeprecated: boolean;
  /** Whether the text is all and fits between the beginning and the end of a comment on one line. */
  readonly isOneLine: boolean;
}

/** What stands before the text of a member's comment. */
const COMMENT_MARGIN = "   * ".length;

export function docOf(text: string | undefined, more: Partial<Omit<DocView, "isOneLine">> = {}): DocView {
  const doc = { text: text ?? "", see: "", example: "", isDeprecated: false, ...more };
  const isOneLine = doc.see === "" && doc.example === "" && !doc.isDeprecated && commentLines(doc.text).length === 1;
  return { ...doc, isOneLine };
}

export function operationDoc(operation: OperationModel, client: string): DocView {
  const { summary, description, data, documentation } = operation;
  const place = `\`${data.method.toUpperCase()} ${data.path}\``;
  const first = summary && sentence(summary);
  const more = description !== undefined && sentence(description) !== first ? description : undefined;
  return docOf(paragraphs(first, more, place), {
    see: documentation?.url ?? "",
    example: operationExample(client, operation),
    isDeprecated: operation.deprecated,
  });
}

export function inputDoc({ description, requiredBy }: InputModel): DocView {
  const needed = requiredBy.length > 0 ? `Needed by ${listInWords(requiredBy.map((scheme) => `\`${scheme}\``))}.` : undefined;
  return docOf(paragraphs([description && sentence(description), needed].filter(Boolean).join(" ")));
}

export function clientDoc(model: ApiModel): DocView {
  const about = model.summary ?? firstSentence(model.description ?? "");
  return docOf(
    paragraphs(`Creates a client of ${/\bAPI$/.test(model.title) ? "the " : ""}${model.title}.`, about && sentence(about)),
    {
      see: model.documentation?.url ?? "",
      example: startExample(model),
    },
  );
}

/** Creates a client and makes its first call. */
export function startExample({ names, start }: ApiModel): string {
  const inputs = Object.fromEntries(start.inputs.map((input) => [input.name, placeholder(input)]));
  const options = { ...(start.server !== undefined && { server: start.server }), ...(start.inputs.length > 0 && { inputs }) };
  const creation = call(`const ${names.camel} = create${names.pascal}`, options);
  return start.operation ? `${creation}\n${operationExample(names.camel, start.operation)}` : creation;
}

function operationExample(client: string, { name, example }: OperationModel): string {
  const method = isMemberName(name) ? `${client}.${name}` : `${client}[${stringLiteral(name)}]`;
  return call(`const { data, error } = await ${method}`, example);
}

/** A call as a statement, its argument left out when there is nothing in it. */
function call(start: string, argument: object): string {
  const text =
    Object.keys(argument).length > 0 ? literal(argument, { taken: COMMENT_MARGIN + start.length + "();".length }) : "";
  return `${start}(${text});`;
}

function placeholder({ type }: InputModel): string | number | boolean {
  if (type.kind === "values") return type.values[0] ?? "…";
  return { string: "…", number: 1, boolean: true }[type.name];
}

function paragraphs(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join("\n\n");
}

function sentence(text: string): string {
  return /[.!?:…)`]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}

/** Up to the first full stop that a capital letter follows; "e.g." is none. */
function firstSentence(text: string): string {
  const [paragraph = ""] = text.trim().split(/\n\s*\n/);
  return /^.*?[.!?](?=\s+\p{Lu}|$)/su.exec(paragraph)?.[0] ?? paragraph;
}
