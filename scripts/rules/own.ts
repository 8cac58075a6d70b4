/** Rules that a project states in its configuration: where to look, and what has to hold there. Data alone, no code. */

import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { at } from "../../src/lifecycle/expression.js";
import type { Diagnostic, RuleDescription, Severity } from "../diagnostics.js";
import type { Document } from "../spec/document.js";
import { parseQuery, type Query, QueryError, select } from "../spec/overlay/query.js";
import { join } from "../spec/pointer.js";
import type { Part } from "../spec/positions.js";
import { TooLongError, within } from "../within.js";

/** What holds of every place: in the short forms that conventions mostly need, or as any JSON Schema. All that are stated hold. */
export interface OwnRule {
  readonly id: string;
  /** What is wrong where it does not hold, in one sentence without a full stop. */
  readonly message: string;
  readonly hint?: string;
  /** Default: `warning`. */
  readonly severity?: Severity;
  /**
   * The places: a JSONPath into the document as it is written, references not followed.
   *
   * @see https://www.rfc-editor.org/rfc/rfc9535
   */
  readonly target: string;
  /** Whether it is about the value there, or about the key under which it stands. Default: `value`. */
  readonly part?: Part;
  /** Members that an object has. */
  readonly require?: readonly string[];
  /** Members that an object has not; `true`: nothing stands there at all. */
  readonly forbid?: readonly string[] | true;
  /** A regular expression that fits a string. */
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  /** JSON Schema 2020-12. */
  readonly schema?: object | boolean;
}

/** An own rule that makes no sense, in a sentence for its author. */
export class OwnRuleError extends Error {
  override readonly name = "OwnRuleError";
}

/** A rule that can be asked. */
export interface ReadyRule extends RuleDescription {
  check(document: Document): Diagnostic[];
}

const ID = /^[a-z][a-z\d]*(?:-[a-z\d]+)*$/;

/**
 * @param taken the ids of all other rules.
 * @param timeMs how long one rule may take on one document, in milliseconds.
 * @throws {OwnRuleError} with everything that is wrong with the rules.
 */
export function readOwnRules(rules: readonly OwnRule[], taken: readonly string[], timeMs = 10_000): ReadyRule[] {
  const ids = new Set(taken);
  const problems: string[] = [];
  const ready = rules.flatMap((rule): ReadyRule[] => {
    try {
      if (!ID.test(rule.id)) throw new OwnRuleError("its id is written in kebab-case");
      if (ids.has(rule.id)) throw new OwnRuleError("another rule has this id already");
      ids.add(rule.id);
      return [readOwnRule(rule, timeMs)];
    } catch (error) {
      problems.push(`the rule "${rule.id}" of the configuration: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
  if (problems.length > 0) throw new OwnRuleError(problems.join("\n"));
  return ready;
}

function readOwnRule(rule: OwnRule, timeMs: number): ReadyRule {
  const { id, message, hint, severity = "warning", target, part = "value" } = rule;
  const query = queryOf(target);
  const holds = assertionOf(rule);
  return {
    id,
    description: `${message.charAt(0).toUpperCase()}${message.slice(1)}.`,
    severity,
    check(document) {
      try {
        return within(timeMs, () =>
          select(query, document.root).flatMap((location): Diagnostic[] => {
            const pointer = location.length === 0 ? "" : join("", ...location);
            if (holds(part === "key" ? location.at(-1) : at(document.root, pointer))) return [];
            const said = hint === undefined ? {} : { hint };
            return [{ rule: id, severity, message, ...said, ...document.locate(pointer, part), pointer }];
          }),
        );
      } catch (error) {
        if (!(error instanceof QueryError || error instanceof TooLongError)) throw error;
        const unasked = `the rule could not be asked of this document: ${error.message}`;
        const next = "make its target or its patterns simpler";
        return [{ rule: id, severity, message: unasked, hint: next, ...document.locate(""), pointer: "" }];
      }
    },
  };
}

function queryOf(target: string): Query {
  try {
    return parseQuery(target);
  } catch (error) {
    throw new OwnRuleError(`its target is no JSONPath: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function assertionOf({ require, forbid, pattern, enum: values, schema }: OwnRule): ValidateFunction {
  const all = [
    ...(require === undefined ? [] : [{ type: "object", required: require }]),
    ...(forbid === true ? [false] : (forbid ?? []).map((name) => ({ not: { required: [name] } }))),
    ...(pattern === undefined ? [] : [{ type: "string", pattern }]),
    ...(values === undefined ? [] : [{ enum: values }]),
    ...(schema === undefined ? [] : [schema]),
  ];
  if (all.length === 0) throw new OwnRuleError("it says nothing that has to hold: require, forbid, pattern, enum or schema");
  try {
    return new Ajv2020({ strict: false, logger: false }).compile({ allOf: all });
  } catch (error) {
    throw new OwnRuleError(`what has to hold is no JSON Schema: ${error instanceof Error ? error.message : String(error)}`);
  }
}
