/** The tokens that large modules are printed with, one after the other; any other text is `other`, and the end of the reading. */

export type Token = "word" | "text" | "number" | "sign" | "end" | "other";

const SIGNS = "{}[]()<>:;,?|&=-";
const NUMBER = /(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?(?![\w$.\\])/y;
const WORD = /[A-Za-z_$][\w$]*(?![\w$\\])/y;
/** Escapes are those of JSON, which mean the same in a string literal. */
const TEXT = /"[^"\\\n]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\n]*)*"/y;

const REST = "...";

const [LINE_END, SPACE, QUOTE, STAR, DOT, SLASH] = [10, 32, 34, 42, 46, 47];

export class Tokens {
  readonly #text: string;
  #next = 0;
  #start = 0;
  /** Of the token that was read last. */
  kind: Token = "other";
  /** The sign, and nothing for any other token. */
  sign = "";
  /** Whether a line end or a comment stands before the token. */
  isApart = false;
  /** Whether a comment has been met so far. */
  hasComment = false;

  constructor(text: string, from: number) {
    this.#text = text;
    this.#next = from;
  }

  /** What the token is written with. */
  get written(): string {
    return this.#text.slice(this.#start, this.#next);
  }

  read(): Token {
    const first = this.#skip();
    this.sign = "";
    if (Number.isNaN(first)) return this.#is("end", this.#next);
    if (first === QUOTE) return this.#matched("text", TEXT);
    if (first >= 48 && first <= 57) return this.#matched("number", NUMBER);
    if (isLetter(first)) return this.#matched("word", WORD);
    if (first === DOT && this.#text.startsWith(REST, this.#next)) {
      this.sign = REST;
      return this.#is("sign", this.#next + REST.length);
    }
    const sign = this.#text.charAt(this.#next);
    if (!SIGNS.includes(sign)) return this.#is("other", this.#next);
    this.sign = sign;
    return this.#is("sign", this.#next + 1);
  }

  /** Goes to the next token, and returns its first character; `NaN` at the end. */
  #skip(): number {
    this.isApart = false;
    for (;;) {
      const code = this.#text.charCodeAt(this.#next);
      if (code === LINE_END) this.isApart = true;
      else if (code === SLASH && this.#text.charCodeAt(this.#next + 1) === STAR) {
        const end = this.#text.indexOf("*/", this.#next + 2);
        if (end < 0) return code;
        this.isApart = true;
        this.hasComment = true;
        this.#next = end + 1;
      } else if (code !== SPACE) return code;
      this.#next += 1;
    }
  }

  #matched(kind: Token, pattern: RegExp): Token {
    pattern.lastIndex = this.#next;
    return pattern.test(this.#text) ? this.#is(kind, pattern.lastIndex) : this.#is("other", this.#next);
  }

  #is(kind: Token, end: number): Token {
    this.#start = this.#next;
    this.#next = end;
    this.kind = kind;
    return kind;
  }
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 36;
}
