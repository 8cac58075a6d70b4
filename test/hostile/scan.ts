/**
 * Looks for what was planted, in files as they would be written. It shares nothing with the generator: TypeScript is read by
 * another parser (oxc), Markdown by micromark, and neither knows what an encoder should have done. What was planted may stand
 * in string literals and in comments, and nowhere else.
 */

import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { parseAst } from "vite";

/** Every planted call begins with it; no word of the generator's own does. */
export const MARKER = "pwned";

/** The call that betrays that a text got out, told from others by its number. */
export function plantedCall(id: number): string {
  return `globalThis.${MARKER}_${id}()`;
}

export interface ScannedFile {
  readonly name: string;
  readonly text: string;
}

/** What is wrong with the files, each with its place; of harmless ones nothing. */
export function leaks(files: readonly ScannedFile[]): string[] {
  return files.flatMap(({ name, text }) => {
    const found = [...wrongCharacters(text), ...(name.endsWith(".md") ? markdownLeaks(text) : moduleLeaks(text))];
    return found.slice(0, 5).map((leak) => `${name}: ${leak.length > 300 ? `${leak.slice(0, 300)}…` : leak}`);
  });
}

/** What turns the direction of writing, moves a cursor, ends lines for some readers alone, or is half a character. */
const WRONG = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

function wrongCharacters(text: string): string[] {
  const places = new Map([...text.matchAll(WRONG)].map(({ 0: character, index }) => [character, index]));
  return [...places].map(([character, index]) => {
    return `U+${character.codePointAt(0)?.toString(16).padStart(4, "0")} in line ${lineAt(text, index)}`;
  });
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

function moduleLeaks(text: string): string[] {
  let program: Node;
  try {
    program = parseAst(text, { lang: "ts", sourceType: "module" }) as unknown as Node;
  } catch (error) {
    return [`does not parse: ${String(error).split("\n")[0]}`];
  }
  const found: string[] = [];
  const literals: [number, number][] = [];
  visit(program, (node, parents) => {
    const place = `line ${lineAt(text, node.start)}: ${text.slice(node.start, node.end)}`;
    const isPlanted = text.slice(node.start, node.end).includes(MARKER);
    if (node.type === "Literal" && typeof node["value"] === "string") {
      literals.push([node.start, node.end]);
      if (isPlanted && (parents.at(-1)?.["source"] === node || parents.some(({ type }) => /Import/.test(type))))
        found.push(`an import in ${place}`);
      if (parents.at(-1)?.type === "ExpressionStatement") found.push(`a directive in ${place}`);
    }
    if (node.type === "TemplateLiteral" || node["regex"] !== undefined) found.push(`a ${node.type} in ${place}`);
    if (/^JSX|^TaggedTemplate|^Decorator/.test(node.type)) found.push(`a ${node.type} in ${place}`);
    if (isMemberName(node, parents.at(-1))) literals.push([node.start, node.end]);
    else if (isPlanted && /Identifier$|^TemplateElement$/.test(node.type)) found.push(`a name in ${place}`);
    if (isPrototype(node)) found.push(`a prototype in ${place}`);
  });
  // Tools look for these without reading the code, so that one in a literal counts as well.
  const maps = /[#@]\s*source(?:Mapping)?URL\s*=/.test(text) ? ["an address of a source map"] : [];
  return [...found, ...maps, ...plantedOutside(text, literals), ...commentLeaks(text, literals)];
}

/** A name that was made of a text, of which the call has become a part; the name alone would have got out. */
function isMemberName(node: Node, parent: Node | undefined): boolean {
  const isKey = parent !== undefined && parent["key"] === node && parent["computed"] !== true;
  return isKey && node.type === "Identifier" && !/^pwned_\d+$/.test(String(node["name"]));
}

/** `{ __proto__: … }` is no member of the object but what it inherits from. */
function isPrototype(node: Node): boolean {
  if (node.type !== "Property" || node["computed"] === true || node["shorthand"] === true) return false;
  const key = node["key"] as Node;
  return (key["name"] ?? key["value"]) === "__proto__";
}

/** Whatever is left of the text when literals and comments are taken out must hold nothing that was planted. */
function plantedOutside(text: string, literals: readonly [number, number][]): string[] {
  const rest = withoutLiterals(text, literals).replace(COMMENTS, (comment) => comment.replace(/[^\n]/g, " "));
  const index = rest.indexOf(MARKER);
  return index < 0 ? [] : [`planted text in line ${lineAt(rest, index)}: ${rest.slice(index, index + 60)}`];
}

const COMMENTS = /\/\*[\s\S]*?\*\/|\/\/[^\n\r\u2028\u2029]*/g;

/** What a compiler or a linter takes orders from. A tag that a document made up must not be one of a doc comment either. */
const ORDERS: readonly [RegExp, string][] = [
  [/^\/\*\*?[\s*]*@ts-|^\/\/\/?\s*@ts-|\n[\s*]*@ts-/, "an order to the compiler"],
  [/^\/\/\/?\s*<(?:reference|amd-)/, "a reference"],
  [/^\/[*/]\s*(?:eslint|biome-ignore|prettier-ignore|@jsx|#__)/, "an order to a tool"],
  [/\n[\s*]*@(?:jsx|import|typedef|satisfies)/, "a tag with a meaning"],
];

function commentLeaks(text: string, literals: readonly [number, number][]): string[] {
  return [...withoutLiterals(text, literals).matchAll(COMMENTS)].flatMap(({ 0: comment, index }) =>
    ORDERS.filter(([order]) => order.test(comment)).map(([, what]) => `${what} in line ${lineAt(text, index)}: ${comment}`),
  );
}

function withoutLiterals(text: string, literals: readonly [number, number][]): string {
  const parts: string[] = [];
  let from = 0;
  for (const [start, end] of [...literals].sort(([a], [b]) => a - b)) {
    parts.push(text.slice(from, start), `"${"_".repeat(Math.max(0, end - start - 2))}"`);
    from = end;
  }
  return [...parts, text.slice(from)].join("");
}

function visit(root: Node, look: (node: Node, parents: readonly Node[]) => void): void {
  const parents: Node[] = [];
  const enter = (node: Node): void => {
    look(node, parents);
    parents.push(node);
    for (const member of Object.values(node)) {
      for (const child of Array.isArray(member) ? member : [member]) if (isNode(child)) enter(child);
    }
    parents.pop();
  };
  enter(root);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

interface MarkdownNode {
  readonly type: string;
  readonly value?: string;
  readonly url?: string;
  readonly depth?: number;
  readonly lang?: string | null;
  readonly children?: readonly MarkdownNode[];
  readonly position?: { readonly start: { readonly line: number } };
}

/** What a README of ours is made of. Raw HTML is the comment in its first line alone, and a link leads to the web. */
const MARKDOWN: readonly string[] =
  "root heading paragraph text inlineCode code table tableRow tableCell list listItem link html".split(" ");

function markdownLeaks(text: string): string[] {
  const root = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as MarkdownNode;
  const found: string[] = [];
  const enter = (node: MarkdownNode, parent?: MarkdownNode): void => {
    const line = node.position?.start.line ?? 0;
    const refuse = (what: string) => void found.push(`${what} in line ${line}: ${text.split("\n")[line - 1]}`);
    if (!MARKDOWN.includes(node.type)) refuse(`a ${node.type}`);
    if (
      node.type === "html" &&
      (line !== 1 || !/^<!-- Generated by keyturn (?:(?!-->|--!>)[^\n])* -->$/.test(node.value ?? ""))
    )
      refuse("HTML");
    if (node.type === "link" && !/^(?:https?:\/\/|mailto:)/i.test(node.url ?? "")) refuse(`a link to ${node.url}`);
    if (node.type === "heading" && (node.depth ?? 0) > 3) refuse("a heading");
    if (node.type === "heading" && node.depth === 1 && line !== 3) refuse("a title");
    if (node.type === "code") for (const leak of codeLeaks(node)) refuse(leak);
    if (node.type === "tableRow" && node.children?.length !== parent?.children?.[0]?.children?.length) refuse("a row of cells");
    for (const child of node.children ?? []) enter(child, node);
  };
  enter(root);
  return [...found, ...loneCells(text)];
}

/** The parser drops cells beyond those of the header, so they are counted here: a bar behind an odd number of `\` is text. */
function loneCells(text: string): string[] {
  const lines = text.replace(/^```[\s\S]*?^```$/gm, (code) => code.replace(/[^\n]/g, "")).split("\n");
  const bars = (line: string) => [...line.matchAll(/(\\*)\|/g)].filter(([, escapes = ""]) => escapes.length % 2 === 0).length;
  let columns = 0;
  return lines.flatMap((line, index) => {
    if (!line.startsWith("|")) columns = 0;
    else if (columns === 0) columns = bars(line);
    else if (bars(line) !== columns) return [`cells in line ${index + 1}: ${line}`];
    return [];
  });
}

/** Code of a README is an example, which must parse and name nothing that was planted, or a diagram of known lines. */
function codeLeaks({ lang, value = "" }: MarkdownNode): string[] {
  if (lang === "ts") return moduleLeaks(value).map((leak) => `in an example ${leak}`);
  if (lang !== "mermaid") return [`code in ${lang}`];
  return value
    .split("\n")
    .filter((line) => !DIAGRAM.some((known) => known.test(line)))
    .map((line) => `a line of a diagram: ${line}`);
}

const LABEL = String.raw`(?:[\p{L}\p{N} .,_=≤≥/'()-]|#\d+;)*`;
const DIAGRAM: readonly RegExp[] = [
  /^stateDiagram-v2$/,
  new RegExp(`^  state "${LABEL}" as [a-z]+$`, "u"),
  new RegExp(String.raw`^  (?:[a-z]+|\[\*\]) --> [a-z]+(?: : ${LABEL})?$`, "u"),
];

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
