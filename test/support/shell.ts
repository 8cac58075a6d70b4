import { PassThrough } from "node:stream";
import { dispatch } from "../../scripts/commands/dispatch.js";
import type { Shell } from "../../scripts/commands/shell.js";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A shell whose output is kept. Nothing comes in, nobody asks it to end, and it is no terminal, unless told otherwise. */
export function testShell(folder: string, more: Partial<Shell> & { readonly isTTY?: boolean } = {}) {
  const printed = { out: "", err: "" };
  const { isTTY = false, ...others } = more;
  const output = (stream: "out" | "err") => ({
    isTTY,
    columns: 100,
    write: (text: string) => {
      printed[stream] += text;
      return true;
    },
  });
  const shell: Shell = {
    folder,
    env: {},
    stdin: Object.assign(new PassThrough(), { isTTY }),
    stdout: output("out"),
    stderr: output("err"),
    ended: () => new Promise(() => {}),
    ...others,
  };
  return { shell, printed };
}

/** Runs a command line in this process, in a folder: what it prints, and its exit code. */
export async function runIn(folder: string, ...args: string[]): Promise<Ran> {
  const { shell, printed } = testShell(folder);
  return { code: await dispatch(args, shell), ...printed };
}
