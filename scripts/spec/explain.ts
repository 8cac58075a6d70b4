/** What is wrong with a text that does not parse: all of it at once, by a slower parser that goes on after an error. */

import { Composer, type CST, Lexer, Parser } from "yaml";
import { MAX_AFTER_FIRST, MAX_DEPTH, MAX_EXPLAINED, TOO_DEEP } from "./bounds.js";
import { type Problem, Problems } from "./problem.js";

/**
 * The problems of a text that a faster parser gave up on.
 *
 * @param first what that parser said: told alone when the text is too long to be read again, or nothing else is found. What
 *   comes long after it is not read: where everything is wrong, this parser takes a thousand times as long as where nothing is.
 */
export function explain(whole: string, first: Problem): readonly Problem[] {
  if (whole.length > MAX_EXPLAINED) return [first];
  const text = whole.slice(0, first.start + MAX_AFTER_FIRST);
  const problems = new Problems();
  let isEndTold = false;
  const composer = new Composer({ prettyErrors: false, stringKeys: true });
  try {
    const [tree, next] = composer.compose(bounded(tokensOf(text)), true, text.length);
    for (const { code, message, pos } of tree?.errors ?? []) {
      const [start, end] = pos;
      // At the cut, whatever is open seems to lack its end.
      if (code === "DUPLICATE_KEY" || (end >= text.length && text !== whole)) continue;
      const [, closing] = (start >= text.trimEnd().length && /end with a ([\]}])$/.exec(sentence(message))) || [];
      if (closing === undefined) problems.add({ kind: "syntax", message: sentence(message), start, end });
      // Each of what is open says that it is; the innermost is enough.
      else if (!isEndTold)
        problems.add({ kind: "syntax", message: `the text ends here, and "${closing}" is missing`, start, end });
      isEndTold ||= closing !== undefined;
    }
    if (next !== undefined) {
      const [start] = next.range;
      problems.add({ kind: "syntax", message: "a second document begins here; one file holds one", start, end: start });
    }
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    return [error.problem];
  }
  return problems.all.length === 0 ? [first] : problems.all;
}

class TooDeep extends Error {
  readonly problem: Problem;

  constructor(start: number) {
    super(TOO_DEEP);
    this.problem = { kind: "syntax", message: TOO_DEEP, start, end: start };
  }
}

/** What is opened and never closed makes the parser itself slow, long before anybody could look at how deep it went. */
function* tokensOf(text: string): Generator<CST.Token> {
  const parser = new Parser();
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    offset += lexeme.length;
    if (parser.stack.length > 4 * MAX_DEPTH) throw new TooDeep(offset);
  }
  yield* parser.end();
}

/** The composer goes down by recursion, and a stack that is used up is the end of the process. */
function* bounded(tokens: Iterable<CST.Token>): Generator<CST.Token> {
  for (const token of tokens) {
    const stack = [{ token, depth: 0 }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { token: current, depth } = next;
      if (depth > MAX_DEPTH) throw new TooDeep(current.offset);
      stack.push(...partsOf(current).map((part) => ({ token: part, depth: depth + 1 })));
    }
    yield token;
  }
}

function partsOf(token: CST.Token): CST.Token[] {
  const items = "items" in token ? token.items : "value" in token ? [token] : [];
  return items.flatMap(({ key, value }: { key?: CST.Token | null; value?: CST.Token }) => [key ?? [], value ?? []].flat());
}

function sentence(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, "");
}
