import { TokenError } from "./errors.js";
import type { InputDeclarations } from "./lifecycle/contract.js";

/** A value, or a function that is asked each time the value is needed: so a secret can come from a vault. */
export type Input<T> = T | (() => T | Promise<T>);

/** The inputs of one client. What a client was not given, its parent has. */
export interface Inputs {
  has(name: string): boolean;
  /**
   * The values of these inputs; those that nobody gave are left out.
   *
   * @throws {TokenError} `input-failed` when a function that was asked throws.
   */
  read(names: Iterable<string>): Promise<Readonly<Record<string, unknown>>>;
  /** The same at once, unless one of them is a function: then nothing. */
  peek(names: Iterable<string>): Readonly<Record<string, unknown>> | undefined;
  with(further: Readonly<Record<string, unknown>>): Inputs;
}

/**
 * @throws {TypeError} when an input is given that the document does not declare.
 */
export function createInputs(declared: InputDeclarations, given: Readonly<Record<string, unknown>>): Inputs {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(declared, name)) {
      throw new TypeError(`inputs.${name} is not an input of this API; it has ${Object.keys(declared).join(", ") || "none"}`);
    }
  }
  const values = new Map(Object.entries(given).filter(([, value]) => value !== undefined));
  for (const [name, { default: preset }] of Object.entries(declared)) {
    if (preset !== undefined && !values.has(name)) values.set(name, preset);
  }
  return {
    has: (name) => values.has(name),
    async read(names) {
      const read: [string, unknown][] = [];
      for (const name of names) {
        const value = values.get(name);
        const current = typeof value === "function" ? await ask(name, value as () => unknown) : value;
        if (current !== undefined && current !== null) read.push([name, current]);
      }
      return Object.fromEntries(read);
    },
    peek(names) {
      const read: Record<string, unknown> = {};
      for (const name of names) {
        const value = values.get(name);
        if (typeof value === "function") return undefined;
        if (value !== undefined && value !== null) Object.defineProperty(read, name, { value, enumerable: true });
      }
      return read;
    },
    with: (further) => createInputs(declared, { ...Object.fromEntries(values), ...further }),
  };
}

async function ask(name: string, input: () => unknown): Promise<unknown> {
  try {
    return await input();
  } catch {
    throw new TokenError("input-failed", `the function given as input "${name}" threw; it has to return the value`);
  }
}
