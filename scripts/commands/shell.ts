/** What a command is run in: a folder, streams, and somebody who may ask it to end. Tests hand in their own. */

/** Where a command prints. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** How many characters fit into a line of a terminal. */
  readonly columns?: number;
}

export interface Shell {
  /** What relative paths are relative to. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /** For a command that runs until it is told to end: settles at the first signal, with the exit code that belongs to it. */
  ended(): Promise<number>;
}

/** The process that runs this. */
export function processShell(): Shell {
  const { stdin, stdout, stderr, env } = process;
  // Whoever reads the output, such as `head`, may have had enough of it. The work is done all the same, and has its exit code;
  // what would go on until it is told to end takes it for that.
  const unread = new Promise<number>((resolve) => {
    for (const output of [stdout, stderr])
      output.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code !== "EPIPE") throw error;
        if (output === stdout) resolve(0);
      });
  });
  return { folder: process.cwd(), env, stdin, stdout, stderr, ended: () => Promise.race([signalled(), unread]) };
}

/** The second signal ends the process at once, whatever it is doing. */
function signalled(): Promise<number> {
  return new Promise((resolve) => {
    const codes = { SIGINT: 130, SIGTERM: 0 } as const;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(codes[signal]));
        resolve(codes[signal]);
      });
    }
  });
}
