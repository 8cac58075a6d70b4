/** Questions on a terminal, one line each: Enter takes what stands in brackets. */

import { createInterface } from "node:readline";
import { printable } from "../../diagnostics/printable.js";
import type { Paint } from "../paint.js";
import type { Shell } from "../shell.js";

/** The answers came to an end before the questions did: Ctrl+D, or Ctrl+C. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

export interface Questions {
  /** @param fault says what is wrong with an answer; it is asked again then. */
  text(question: string, preset: string, fault?: (answer: string) => string | undefined): Promise<string>;
  confirm(question: string, preset: boolean): Promise<boolean>;
  close(): void;
}

export function openQuestions({ stdin, stderr }: Shell, paint: Paint): Questions {
  const lines = createInterface({ input: stdin });
  const waiting: string[] = [];
  let isClosed = false;
  let wake = (): void => {};
  lines.on("line", (line) => {
    waiting.push(line);
    wake();
  });
  lines.on("close", () => {
    isClosed = true;
    wake();
  });

  /** Lines may come before they are asked for, as when they are piped in. */
  const answer = async (): Promise<string> => {
    while (waiting.length === 0) {
      if (isClosed) throw new NoAnswer("no answer");
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return (waiting.shift() ?? "").trim();
  };
  const ask = (question: string, hint: string): Promise<string> => {
    stderr.write(`${paint("cyan", "?")} ${paint("bold", question)} ${paint("dim", printable(hint))} `);
    return answer();
  };

  return {
    async text(question, preset, fault = () => undefined) {
      for (;;) {
        const given = (await ask(question, preset === "" ? "›" : `[${preset}]`)) || preset;
        const problem = fault(given);
        if (problem === undefined) return given;
        stderr.write(`  ${paint("yellow", printable(problem))}\n`);
      }
    },
    async confirm(question, preset) {
      for (;;) {
        const given = (await ask(question, preset ? "[Y/n]" : "[y/N]")).toLowerCase();
        if (given === "") return preset;
        if (/^(?:y|yes|n|no)$/.test(given)) return given.startsWith("y");
        stderr.write(`  ${paint("yellow", "y or n")}\n`);
      }
    },
    close: () => lines.close(),
  };
}
