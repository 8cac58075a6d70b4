import { TokenError } from "./errors.js";
import type { InputDeclarations } from "./lifecycle/contract.js";

/** A value, or a function that is asked each time the value is needed: so a secret can come from a vault. */
export type Input<T> = T | (() => T | Promise<T>);

/** The inputs of one client. What a client was not given, its parent has. */
export class Inputs {
  readonly #declared: InputDeclarations;
  readonly #values: Readonly<Record<string, unknown>>;

  /**
   * @throws {TypeError} when an input is given that the document does not declare.
   */
  constructor(declared: InputDeclarations, given: Readonly<Record<string, unknown>>) {
    for (const name of Object.keys(given)) {
      if (!Object.hasOwn(declared, name)) {
        throw new TypeError(`inputs.${name} is not an input of this API; it has ${Object.keys(declared).join(", ") || "none"}`);
      }
    }
    const presets = Object.entries(declared).map(([name, { default: preset }]) => [name, preset] as const);
    const values = [...presets, ...Object.entries(given)].filter(([, value]) => value !== undefined);
    this.#declared = declared;
    this.#values = Object.fromEntries(values);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#values, name);
  }

  /**
   * The values of these inputs; those that nobody gave are left out.
   *
   * @throws {TokenError} `input-failed` when a function that was asked throws.
   */
  async read(names: Iterable<string>): Promise<Readonly<Record<string, unknown>>> {
    const read: [string, unknown][] = [];
    for (const name of names) {
      const value = this.#value(name);
      const current = typeof value === "function" ? await ask(name, value as () => unknown) : value;
      if (current !== undefined && current !== null) read.push([name, current]);
    }
    return Object.fromEntries(read);
  }

  /** The same at once, unless one of them is a function: then nothing. */
  peek(names: Iterable<string>): Readonly<Record<string, unknown>> | undefined {
    const read: [string, unknown][] = [];
    for (const name of names) {
      const value = this.#value(name);
      if (typeof value === "function") return undefined;
      if (value !== undefined && value !== null) read.push([name, value]);
    }
    return Object.fromEntries(read);
  }

  with(further: Readonly<Record<string, unknown>>): Inputs {
    return new Inputs(this.#declared, { ...this.#values, ...further });
  }

  #value(name: string): unknown {
    return this.has(name) ? this.#values[name] : undefined;
  }
}

async function ask(name: string, input: () => unknown): Promise<unknown> {
  try {
    return await input();
  } catch {
    throw new TokenError("input-failed", `the function given as input "${name}" threw; it has to return the value`);
  }
}
