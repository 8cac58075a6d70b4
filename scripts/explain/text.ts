/** How tokens live, as a page for a terminal. */

import { printable } from "../diagnostics/printable.js";
import type { LifeStateName, TokenLife } from "../model/model.js";
import type { Explanation, InputExplanation, SchemeExplanation } from "./explanation.js";

/** Sets a text off by a colour, or leaves it as it is. */
type Paint = (colour: "bold" | "dim" | "red" | "green" | "yellow" | "cyan", text: string) => string;

export interface TextOptions {
  readonly paint: Paint;
  /** How many characters a line has. */
  readonly width: number;
}

const COLOURS: Readonly<Record<LifeStateName, Parameters<Paint>[0] | undefined>> = {
  empty: undefined,
  refreshable: undefined,
  fresh: "green",
  obtain: "cyan",
  refresh: "cyan",
  recover: "cyan",
  expiring: "yellow",
  rejected: "yellow",
  challenge: "yellow",
  refused: "red",
  failed: "red",
  revoked: "red",
};

/** One section for each scheme: what it is, what the caller supplies, how its token lives, and each state with its ways out. */
export function explainAsText(explanation: Explanation, options: TextOptions): string {
  const { title, name, document, schemes } = explanation;
  const { paint } = options;
  const head = `${paint("bold", printable(title === "" ? name : title))}  ${paint("dim", printable(document))}`;
  const sections = schemes.map((scheme) => section(scheme, options));
  const hasLife = schemes.some(({ life }) => life !== undefined);
  const isOpen = schemes.some(({ type }) => /^(?:oauth2|openIdConnect|http bearer)\b/.test(type));
  const note =
    schemes.length === 0
      ? "No security scheme is described: nothing is presented, and there are no tokens."
      : `No scheme says how its tokens live: clients present what the caller supplies, and nothing turns by itself.${isOpen ? OVERLAY_HINT : ""}`;
  return `${[head, ...(hasLife ? [] : [wrapped(note, options.width, "").join("\n")]), ...sections].join("\n\n")}\n`;
}

const OVERLAY_HINT =
  " An overlay beside the document can say it: keyturn init --lifecycles begins one, and docs/overlays.md of keyturn has an example.";

function section({ name, type, description, inputs, sentences, life }: SchemeExplanation, options: TextOptions): string {
  const { paint, width } = options;
  const body = [
    ...(description === undefined ? [] : [paragraphs(description, width)]),
    ...(inputs.length === 0 ? [] : [inputTable(inputs, options)]),
    sentences.flatMap((sentence) => bullet(sentence, options)).join("\n"),
    ...(life === undefined ? [] : [lifeTable(life, options)]),
  ];
  return [
    `${paint("bold", `● ${printable(name)}`)}  ${paint("dim", printable(type))}`,
    ...body.filter((part) => part !== ""),
  ].join("\n\n");
}

function paragraphs(text: string, width: number): string {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => wrapped(printable(plainMarkdown(paragraph).replace(/\s+/g, " ").trim()), width, "  ").join("\n"))
    .join("\n\n");
}

function inputTable(inputs: readonly InputExplanation[], { paint, width }: TextOptions): string {
  const names = inputs.map(({ name }) => printable(name));
  const kinds = inputs.map(({ isSecret, isOptional }) =>
    [isSecret && "secret", isOptional && "optional"].filter(Boolean).join(", "),
  );
  const nameWidth = Math.max(...names.map((name) => name.length));
  const kindWidth = Math.max(...kinds.map((kind) => kind.length));
  const indent = " ".repeat(4 + nameWidth + 2 + (kindWidth > 0 ? kindWidth + 2 : 0));
  const rows = inputs.map(({ description = "" }, index) => {
    const kind = kindWidth > 0 ? `${paint("dim", kinds[index]!.padEnd(kindWidth))}  ` : "";
    const [first = "", ...rest] = wrapped(printable(description.replace(/\s+/g, " ")), width, indent);
    const text = `    ${paint("cyan", names[index]!.padEnd(nameWidth))}  ${kind}${first.trimStart()}`;
    return [text.trimEnd(), ...rest].join("\n");
  });
  return [`  ${paint("bold", "What you supply")}`, ...rows].join("\n");
}

function bullet(sentence: string, { paint, width }: TextOptions): string[] {
  const marked = wrapped(printable(sentence), width, "    ").map((line, index) =>
    index === 0 ? `  • ${line.slice(4)}` : line,
  );
  let isCode = false;
  // Code may go over the end of a line.
  return marked.map((line) =>
    line
      .split("`")
      .map((part, index) => {
        if (index > 0) isCode = !isCode;
        return isCode && part.trim() !== "" ? paint("cyan", part) : part;
      })
      .join(""),
  );
}

function lifeTable({ states, transitions }: TokenLife, { paint, width }: TextOptions): string {
  const nameOf = new Map(states.map(({ name, label }) => [name, printable(label)]));
  const state = (name: LifeStateName): string => {
    const colour = COLOURS[name];
    const label = nameOf.get(name) ?? name;
    return colour === undefined ? label : paint(colour, label);
  };
  const whys = transitions.map(({ label = "" }) => printable(label));
  const column = Math.min(Math.max(...whys.map((why) => why.length)), Math.max(24, width - 46));
  const ways = (from: LifeStateName | undefined): string[] =>
    transitions.flatMap((transition, index) => {
      if (transition.from !== from) return [];
      if (whys[index] === "") return [`      ${paint("dim", "→")} ${state(transition.to)}`];
      const lines = wrapped(whys[index]!, column, "");
      const last = lines.pop() ?? "";
      return [
        ...lines.map((line) => `      ${line}`),
        `      ${last.padEnd(column)} ${paint("dim", "→")} ${state(transition.to)}`,
      ];
    });
  const begins = ways(undefined);
  return [
    `  ${paint("bold", "How its token lives")}`,
    ...(begins.length > 0 ? [`    ${paint("dim", "start")}`, ...begins] : []),
    ...states.flatMap(({ name }) => {
      const out = ways(name);
      return out.length === 0 ? [] : ["", `    ${paint("bold", state(name))}`, ...out];
    }),
  ].join("\n");
}

/** Words in lines that begin with an indentation and are no longer than the width. */
function wrapped(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines;
}

/** Markdown as it is read aloud: links by their texts, emphasis without marks. */
function plainMarkdown(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__)(.+?)\1/g, "$2")
    .replaceAll("`", "");
}
