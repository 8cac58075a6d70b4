/** The headers of a response, as they came: read without making a `Headers`, which is made when somebody wants a list. */

/** By lower-case name; several values where a name stood several times. */
export type ReceivedHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** Behaves as the `Headers` of a response that `fetch` brought, which nobody can change. */
export class LightHeaders implements Headers {
  readonly #received: ReceivedHeaders;
  #real: Headers | undefined;

  constructor(received: ReceivedHeaders) {
    this.#received = received;
  }

  get(name: string): string | null {
    const value = readFrom(this.#received, name) ?? readFrom(this.#received, known(name));
    if (value === undefined) return null;
    return typeof value === "string" ? value.trim() : value.map((one) => one.trim()).join(", ");
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#received, known(name));
  }

  getSetCookie(): string[] {
    const value = readFrom(this.#received, "set-cookie") ?? [];
    return typeof value === "string" ? [value] : [...value];
  }

  forEach(callback: (value: string, key: string, parent: Headers) => void, thisArg?: unknown): void {
    for (const [name, value] of this.#list()) callback.call(thisArg, value, name, this);
  }

  entries(): HeadersIterator<[string, string]> {
    return this.#list().entries();
  }

  keys(): HeadersIterator<string> {
    return this.#list().keys();
  }

  values(): HeadersIterator<string> {
    return this.#list().values();
  }

  [Symbol.iterator](): HeadersIterator<[string, string]> {
    return this.#list().entries();
  }

  append(): never {
    throw new TypeError("immutable");
  }

  set(): never {
    throw new TypeError("immutable");
  }

  delete(): never {
    throw new TypeError("immutable");
  }

  /** Names only: a value may be a secret. */
  [Symbol.for("nodejs.util.inspect.custom")](): { readonly names: readonly string[] } {
    return { names: Object.keys(this.#received) };
  }

  #list(): Headers {
    if (this.#real === undefined) {
      this.#real = new Headers();
      for (const [name, value = []] of Object.entries(this.#received)) {
        for (const one of typeof value === "string" ? [value] : value) this.#real.append(name, one);
      }
    }
    return this.#real;
  }
}

// For `instanceof`, without the cost of a constructor that would make a list.
Object.setPrototypeOf(LightHeaders.prototype, Headers.prototype);

function readFrom(received: ReceivedHeaders, name: string): string | readonly string[] | undefined {
  return Object.hasOwn(received, name) ? received[name] : undefined;
}

/** @throws {TypeError} when no header can have this name. */
function known(name: string): string {
  const text = String(name);
  if (!TOKEN.test(text)) throw new TypeError("a header's name is a token (RFC 9110 section 5.6.2)");
  return text.toLowerCase();
}
