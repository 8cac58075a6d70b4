/** Changes for a person at a terminal: by what they mean, each with what it concerns and where it stands. */

import { printable } from "../diagnostics/printable.js";
import { shortened } from "../diagnostics/shorten.js";
import { type Change, IMPACTS, type Impact } from "./change.js";
import { type ApiChanges, countedChanges, isNamed, operationsInWords } from "./report.js";

export interface HumanOptions {
  readonly paint: (colour: "bold" | "dim" | "red" | "yellow" | "green", text: string) => string;
  /** How many changes of each impact are shown. Default: {@link SHOWN}. */
  readonly shown?: number;
}

/** Enough to see what it is about. */
export const SHOWN = 20;

const STYLES: Readonly<
  Record<Impact, { readonly colour: "red" | "yellow" | "green"; readonly mark: string; readonly says: string }>
> = {
  breaking: { colour: "red", mark: "✗", says: "code that uses it has to change" },
  risky: { colour: "yellow", mark: "!", says: "code compiles, and may meet what it was not written for" },
  safe: { colour: "green", mark: "+", says: "code goes on as it did" },
};

export function humanChanges(report: ApiChanges, options: HumanOptions): string {
  const { document, base, changes, note } = report;
  const { paint } = options;
  const since = base === undefined ? "" : `, since ${base.label}`;
  const title = base === undefined ? [] : [`${paint("bold", printable(`${document}${since}`))}: ${countedChanges(changes)}`];
  const blocks = IMPACTS.flatMap((impact) =>
    block(
      impact,
      changes.filter((change) => change.impact === impact),
      options,
    ),
  );
  const lines = [...title, ...blocks, ...(note === undefined ? [] : [`  ${printable(note)}`])];
  return lines.length === 0 ? "" : `\n${lines.join("\n")}\n`;
}

function block(impact: Impact, changes: readonly Change[], { paint, shown = SHOWN }: HumanOptions): string[] {
  if (changes.length === 0) return [];
  const { colour, mark, says } = STYLES[impact];
  const listed = changes.slice(0, shown);
  const rest = changes.length - listed.length;
  return [
    "",
    `  ${paint(colour, impact)} ${paint("dim", `(${says})`)}`,
    ...listed.flatMap((change) => {
      const { message, operations, file, line, column } = change;
      const place = `${file}:${line}:${column}`;
      const concerned = isNamed(change) ? "" : `${operationsInWords(operations)} `;
      return [
        `    ${paint(colour, mark)} ${printable(shortened(message))}`,
        paint("dim", `      ${printable(shortened(`${concerned}${concerned ? "· " : ""}${place}`))}`),
      ];
    }),
    ...(rest === 0 ? [] : [paint("dim", `    … and ${rest} more; --all shows them`)]),
  ];
}
