/** YAML or JSON text to a tree and plain data, within bounds that a hostile text cannot cross. */

import { Composer, type CST, type LineCounter, Parser, type Document as YamlDocument } from "yaml";

/** Deeper than any API description; the parser composes by recursion, and Node does not survive a stack that is used up. */
export const MAX_DEPTH = 200;

/** How often each anchor may be repeated; a document that goes on longer is an attack or a mistake. */
export const MAX_ALIAS_COUNT = 10_000;

/** A text that crosses a bound. `offset` counts characters from the start of the text, where the place is known. */
export class BoundError extends Error {
  override readonly name = "BoundError";
  readonly offset: number;

  constructor(message: string, offset = 0) {
    super(message);
    this.offset = offset;
  }
}

/**
 * The syntax tree of the first document in a text; its `errors` and `warnings` say what is malformed.
 *
 * @throws {BoundError} when it is nested too deeply.
 */
export function parseTree(text: string, lines: LineCounter): YamlDocument.Parsed {
  const composer = new Composer({ prettyErrors: false, stringKeys: true });
  const [tree, next] = composer.compose(bounded(new Parser(lines.addNewLine).parse(text)), true, text.length);
  if (tree === undefined) throw new BoundError("the document is empty");
  if (next !== undefined) throw new BoundError("a second document begins here; one file holds one", next.range[0]);
  return tree;
}

/**
 * The plain data of a tree. Aliases share one object, which is cheap, but makes it possible to stack them deeper than the
 * text is, or to put one within itself.
 *
 * @throws {BoundError} when aliases multiply, or nest too deeply.
 */
export function plainData(tree: YamlDocument.Parsed): unknown {
  const root: unknown = repeatWithin(tree);
  const depthOf = new Map<object, number>();
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== "object" || value === null || (depthOf.get(value) ?? -1) >= depth) return;
    if (depth > MAX_DEPTH) throw new BoundError(`with its aliases the document is nested more than ${MAX_DEPTH} levels deep`);
    depthOf.set(value, depth);
    for (const member of Object.values(value)) visit(member, depth + 1);
  };
  visit(root, 0);
  return root;
}

function repeatWithin(tree: YamlDocument.Parsed): unknown {
  try {
    return tree.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new BoundError(`an alias is repeated more than ${MAX_ALIAS_COUNT} times, or stands within what it stands for`);
  }
}

function* bounded(tokens: Iterable<CST.Token>): Generator<CST.Token> {
  for (const token of tokens) {
    const stack = [{ token, depth: 0 }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { token: current, depth } = next;
      if (depth > MAX_DEPTH) throw new BoundError(`the document is nested more than ${MAX_DEPTH} levels deep`, current.offset);
      stack.push(...partsOf(current).map((part) => ({ token: part, depth: depth + 1 })));
    }
    yield token;
  }
}

function partsOf(token: CST.Token): CST.Token[] {
  const items = "items" in token ? token.items : "value" in token ? [token] : [];
  return items.flatMap(({ key, value }: { key?: CST.Token | null; value?: CST.Token }) => [key ?? [], value ?? []].flat());
}
