/**
 * The strings of the language: runtime expressions, text with expressions embedded, and conditions.
 *
 * Parsing yields plain data, so that lint can look into it, the sandbox can play it backwards, and the runtime can evaluate
 * it; each string is parsed once per process.
 *
 * @see https://spec.openapis.org/arazzo/v1.0.1#runtime-expressions
 * @see https://spec.openapis.org/arazzo/v1.0.1#criterion-object
 */

/** One runtime expression, taken apart. `$let` is the only root that Arazzo does not have. */
export type Reference =
  | { readonly root: "inputs" | "outputs" | "let"; readonly name: string }
  | { readonly root: "steps" | "workflows"; readonly of: string; readonly name: string }
  | { readonly root: "response.body"; readonly pointer: string }
  | { readonly root: "response.header"; readonly name: string }
  | { readonly root: "statusCode" | "url" | "method" };

/** Text in which each expression stands where its value goes. */
export type Template = readonly (string | Reference)[];

export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** A condition in the simple grammar, taken apart. */
export type Condition =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "reference"; readonly reference: Reference }
  | { readonly kind: "not"; readonly operand: Condition }
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "compare"; readonly operator: Comparison; readonly left: Condition; readonly right: Condition };

/** A string that does not follow the grammar; `offset` counts characters from its start. */
export class ExpressionError extends SyntaxError {
  override readonly name = "ExpressionError";
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** What expressions are read from. Whatever is left out has no value. */
export interface Scope {
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly let?: Readonly<Record<string, unknown>>;
  readonly steps?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly workflows?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly request?: { readonly url: string; readonly method: string };
  /** `body` is left out while nobody has read it; a condition that depends on it is then undecided. */
  readonly response?: { readonly status: number; readonly headers: Headers; readonly body?: { readonly value: unknown } };
}

/** Far more than anybody writes, and far less than what a reader that calls itself could not bear. */
const LONGEST_CONDITION = 2000;
const NAME = /[A-Za-z_][\w-]*/y;
const HEADER_NAME = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const OPERATOR = /&&|\|\||==|!=|<=|>=|<|>|!|\(|\)/y;
const NUMBER = /-?\d+(?:\.\d+)?(?![\w.])/y;
const WORD = /(?:true|false|null)(?!\w)/y;
const TEXT = /'((?:[^']|'')*)'/y;

/** Where the open-ended part of an expression ends: with the text, with its brace, or before an operator. */
interface Surroundings {
  readonly pointer: RegExp;
  readonly headerName: RegExp;
}
const ALONE: Surroundings = { pointer: /.*/sy, headerName: HEADER_NAME };
const EMBEDDED: Surroundings = { pointer: /[^}]*/y, headerName: HEADER_NAME };
const IN_CONDITION: Surroundings = { pointer: /[^\s()=!<>&|]*/y, headerName: /[\w.~-]+/y };

/**
 * Takes one runtime expression apart.
 *
 * @throws {ExpressionError} when the text is not exactly one expression of the language.
 */
export const parseExpression: (text: string) => Reference = remembered((text) => {
  const reader = new Reader(text);
  const reference = readReference(reader, ALONE);
  if (!reader.ended) throw reader.error(`unexpected "${reader.rest}" after the expression`);
  return reference;
});

/**
 * Takes a string value apart: a string that starts with `$` is one expression, any other is text with `{$…}` embedded.
 *
 * @throws {ExpressionError} when an expression in it is malformed or a brace is not closed.
 */
export const parseTemplate: (text: string) => Template = remembered((text) => {
  if (text.startsWith("$")) return [parseExpression(text)];
  const parts: (string | Reference)[] = [];
  const reader = new Reader(text);
  while (!reader.ended) {
    const open = text.indexOf("{$", reader.offset);
    const plain = text.slice(reader.offset, open < 0 ? undefined : open);
    if (plain !== "") parts.push(plain);
    if (open < 0) break;
    reader.offset = open + 1;
    parts.push(readReference(reader, EMBEDDED));
    if (!reader.take("}")) throw reader.error('an embedded expression ends with "}"');
  }
  // An embedded expression is text, also when it stands alone: only a bare one keeps its type.
  return parts.length === 1 && typeof parts[0] !== "string" ? ["", ...parts] : parts;
});

/**
 * Takes a condition apart. Precedence, loosest first: `||`, `&&`, comparisons, `!`; parentheses group.
 *
 * @throws {ExpressionError} when the text is not exactly one condition.
 */
export const parseCondition: (text: string) => Condition = remembered((text) => {
  const reader = new Reader(text);
  if (text.length > LONGEST_CONDITION) throw reader.error(`a condition has at most ${LONGEST_CONDITION} characters`);
  const condition = readOr(reader);
  reader.skipSpace();
  if (!reader.ended) throw reader.error(`unexpected "${reader.rest}" after the condition`);
  return condition;
});

/** The value of an expression, or `undefined` where the scope has none. */
export function resolveReference(reference: Reference, scope: Scope): unknown {
  switch (reference.root) {
    case "inputs":
    case "outputs":
    case "let":
      return own(scope[reference.root], reference.name);
    case "steps":
    case "workflows":
      return own(own(scope[reference.root], reference.of), reference.name);
    case "response.body":
      return scope.response?.body && at(scope.response.body.value, reference.pointer);
    case "response.header":
      return scope.response?.headers.get(reference.name) ?? undefined;
    case "statusCode":
      return scope.response?.status;
    default:
      return scope.request?.[reference.root];
  }
}

/** The text of a template, the bare value of a lone expression, or `undefined` as soon as one value in it is missing. */
export function resolveTemplate(template: Template, scope: Scope): unknown {
  if (template.length === 1) return typeof template[0] === "string" ? template[0] : resolveReference(template[0]!, scope);
  let text = "";
  for (const part of template) {
    const value = typeof part === "string" ? part : resolveReference(part, scope);
    if (value === undefined || value === null) return undefined;
    text += String(value);
  }
  return text;
}

/**
 * Whether a condition holds. `undefined` means that it depends on a response body that nobody has read yet, so that the
 * body of a response is read only where the status does not decide.
 *
 * Strings compare without regard to case, as Arazzo demands; a number or boolean equals its spelling (`401 == '401'`), and
 * what is missing equals `null`. What is not a number is neither less nor greater than anything.
 */
export function holds(condition: Condition, scope: Scope): boolean | undefined {
  switch (condition.kind) {
    case "not": {
      const operand = holds(condition.operand, scope);
      return operand === undefined ? undefined : !operand;
    }
    case "and":
    case "or": {
      const decisive = condition.kind === "or";
      const left = holds(condition.left, scope);
      if (left === decisive) return decisive;
      const right = holds(condition.right, scope);
      if (right === decisive) return decisive;
      return left === undefined || right === undefined ? undefined : !decisive;
    }
    case "compare":
      if (isUnread(condition.left, scope) || isUnread(condition.right, scope)) return undefined;
      return compare(condition.operator, operandValue(condition.left, scope), operandValue(condition.right, scope));
    default:
      return isUnread(condition, scope) ? undefined : Boolean(operandValue(condition, scope));
  }
}

/** The same of a list of criteria, all of which must hold; those of an empty one do. */
export function allHold(criteria: readonly { readonly condition: string }[], scope: Scope): boolean | undefined {
  let isUndecided = false;
  for (const { condition } of criteria) {
    const verdict = holds(parseCondition(condition), scope);
    if (verdict === false) return false;
    isUndecided ||= verdict === undefined;
  }
  return isUndecided ? undefined : true;
}

/** Every expression in a condition, in the order in which it is written. */
export function referencesInCondition(condition: Condition): Reference[] {
  switch (condition.kind) {
    case "literal":
      return [];
    case "reference":
      return [condition.reference];
    case "not":
      return referencesInCondition(condition.operand);
    default:
      return [...referencesInCondition(condition.left), ...referencesInCondition(condition.right)];
  }
}

/** The value at a JSON Pointer (RFC 6901), looking only at own members and items; `undefined` where there is none. */
export function at(value: unknown, pointer: string): unknown {
  if (pointer === "") return value;
  if (!pointer.startsWith("/")) return undefined;
  let current = value;
  for (const token of pointer.slice(1).split("/")) {
    if (typeof current !== "object" || current === null) return undefined;
    if (Array.isArray(current) && !/^\d+$/.test(token)) return undefined;
    current = own(current as Record<string, unknown>, token.replaceAll("~1", "/").replaceAll("~0", "~"));
  }
  return current;
}

function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

function operandValue(operand: Condition, scope: Scope): unknown {
  if (operand.kind === "literal") return operand.value;
  if (operand.kind === "reference") return resolveReference(operand.reference, scope);
  return holds(operand, scope);
}

function isUnread(operand: Condition, scope: Scope): boolean {
  if (operand.kind === "literal") return false;
  if (operand.kind === "reference") {
    return operand.reference.root === "response.body" && scope.response !== undefined && scope.response.body === undefined;
  }
  return holds(operand, scope) === undefined;
}

function compare(operator: Comparison, left: unknown, right: unknown): boolean {
  switch (operator) {
    case "==":
      return equal(left, right);
    case "!=":
      return !equal(left, right);
    case "<":
      return asNumber(left) < asNumber(right);
    case "<=":
      return asNumber(left) <= asNumber(right);
    case ">":
      return asNumber(left) > asNumber(right);
    case ">=":
      return asNumber(left) >= asNumber(right);
  }
}

function equal(left: unknown, right: unknown): boolean {
  if ((left ?? null) === (right ?? null)) return true;
  return isScalar(left) && isScalar(right) && String(left).toLowerCase() === String(right).toLowerCase();
}

function asNumber(value: unknown): number {
  if (typeof value === "string" && value.trim() !== "") return Number(value);
  return typeof value === "number" ? value : Number.NaN;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function readReference(reader: Reader, surroundings: Surroundings): Reference {
  if (!reader.take("$")) throw reader.error('an expression starts with "$"');
  const start = reader.offset;
  const root = reader.match(NAME) ?? "";
  switch (root) {
    case "statusCode":
    case "url":
    case "method":
      return { root };
    case "inputs":
    case "outputs":
    case "let":
      return { root, name: readMember(reader) };
    case "steps":
    case "workflows": {
      const of = readMember(reader);
      if (!reader.take(".outputs")) throw reader.error(`"$${root}.${of}" goes on with ".outputs."`);
      return { root, of, name: readMember(reader) };
    }
    case "response": {
      if (reader.take(".header.")) {
        const name = reader.match(surroundings.headerName);
        if (name === undefined) throw reader.error("a header name is missing");
        return { root: "response.header", name };
      }
      if (!reader.take(".body")) throw reader.error('"$response" goes on with ".body" or ".header."');
      if (!reader.take("#")) return { root: "response.body", pointer: "" };
      const pointer = reader.match(surroundings.pointer) ?? "";
      if (pointer !== "" && !pointer.startsWith("/")) throw reader.error('a JSON Pointer starts with "/"');
      return { root: "response.body", pointer };
    }
    default:
      reader.offset = start;
      throw reader.error(
        `"$${root}" is not a root; there are $inputs, $outputs, $let, $steps, $workflows, $response, $statusCode, $url, $method`,
      );
  }
}

function readMember(reader: Reader): string {
  if (!reader.take(".")) throw reader.error('a "." and a name are missing');
  const name = reader.match(NAME);
  if (name === undefined) throw reader.error("a name is missing");
  return name;
}

function readOr(reader: Reader): Condition {
  let left = readAnd(reader);
  while (reader.takeOperator("||")) left = { kind: "or", left, right: readAnd(reader) };
  return left;
}

function readAnd(reader: Reader): Condition {
  let left = readComparison(reader);
  while (reader.takeOperator("&&")) left = { kind: "and", left, right: readComparison(reader) };
  return left;
}

function readComparison(reader: Reader): Condition {
  const left = readUnary(reader);
  for (const operator of ["==", "!=", "<=", ">=", "<", ">"] as const) {
    if (reader.takeOperator(operator)) return { kind: "compare", operator, left, right: readUnary(reader) };
  }
  return left;
}

function readUnary(reader: Reader): Condition {
  if (reader.takeOperator("!")) return { kind: "not", operand: readUnary(reader) };
  if (reader.takeOperator("(")) {
    const inner = readOr(reader);
    if (!reader.takeOperator(")")) throw reader.error('a parenthesis is not closed with ")"');
    return inner;
  }
  reader.skipSpace();
  if (reader.peek("$")) return { kind: "reference", reference: readReference(reader, IN_CONDITION) };
  if (reader.peek("'")) {
    const text = reader.match(TEXT);
    if (text === undefined) throw reader.error('a string is not closed with "\'"');
    return { kind: "literal", value: text.slice(1, -1).replaceAll("''", "'") };
  }
  const word = reader.match(WORD);
  if (word !== undefined) return { kind: "literal", value: word === "null" ? null : word === "true" };
  const number = reader.match(NUMBER);
  if (number !== undefined) return { kind: "literal", value: Number(number) };
  throw reader.error("expected an expression, a 'string', a number, true, false or null");
}

class Reader {
  readonly text: string;
  offset = 0;

  constructor(text: string) {
    this.text = text;
  }

  get ended(): boolean {
    return this.offset >= this.text.length;
  }

  get rest(): string {
    return this.text.slice(this.offset, this.offset + 20);
  }

  peek(token: string): boolean {
    return this.text.startsWith(token, this.offset);
  }

  take(token: string): boolean {
    if (!this.peek(token)) return false;
    this.offset += token.length;
    return true;
  }

  takeOperator(token: string): boolean {
    this.skipSpace();
    OPERATOR.lastIndex = this.offset;
    return OPERATOR.exec(this.text)?.[0] === token && this.take(token);
  }

  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.offset += found.length;
    return found;
  }

  skipSpace(): void {
    while (/\s/.test(this.text.charAt(this.offset))) this.offset += 1;
  }

  error(message: string): ExpressionError {
    return new ExpressionError(message, this.offset);
  }
}

function remembered<T>(parse: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    let result = known.get(text);
    if (result === undefined) {
      result = parse(text);
      known.set(text, result);
    }
    return result;
  };
}
