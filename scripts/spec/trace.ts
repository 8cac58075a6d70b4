/** Where the parts of a tree were written that overlays have changed: which file, and where in it. */

import { join, tokensOf } from "./pointer.js";

/** A place in a file as it was read. */
export interface Written {
  readonly file: string;
  readonly pointer: string;
}

/** Where a value was written, and those of its members that were written elsewhere; all others stand within it. */
export interface Trace {
  readonly written: Written;
  readonly members?: ReadonlyMap<string, Trace>;
}

/** A value and where it was written. */
export interface Traced {
  readonly value: unknown;
  readonly trace: Trace;
}

/** The trace of a member. */
export function memberTrace({ written, members }: Trace, name: string | number): Trace {
  return members?.get(String(name)) ?? { written: { file: written.file, pointer: join(written.pointer, name) } };
}

/** Where the value at a pointer was written. */
export function writtenAt(trace: Trace, pointer: string): Written {
  let { file, pointer: stood } = trace.written;
  let current: Trace | undefined = trace;
  for (const token of tokensOf(pointer)) {
    current = current?.members?.get(token);
    if (current === undefined) stood = join(stood, token);
    else ({ file, pointer: stood } = current.written);
  }
  return { file, pointer: stood };
}
