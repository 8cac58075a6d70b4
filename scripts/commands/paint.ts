/** Colours, where they are wanted: on a terminal, unless somebody said otherwise. */

import type { Output, Shell } from "./shell.js";

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 } as const;

export type Colour = keyof typeof CODES;

/** Sets a text off; without colours it stays as it is. */
export type Paint = (colour: Colour, text: string) => string;

export function painter(isColoured: boolean): Paint {
  return (colour, text) => (isColoured && text !== "" ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text);
}

/**
 * Whether colours go to an output. `--no-color` counts before `FORCE_COLOR`, that before `NO_COLOR`, and that before what the
 * output is.
 *
 * @see https://no-color.org
 * @see https://force-color.org
 */
export function isColoured({ env }: Pick<Shell, "env">, output: Output, isRefused = false): boolean {
  if (isRefused) return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  if (env["NO_COLOR"]) return false;
  return output.isTTY === true && env["TERM"] !== "dumb";
}
