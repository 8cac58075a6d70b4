/** The structure of the language: its JSON Schema, the one that editors use, with what it finds said in our own sentences. */

import { readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import { nearest, suggest } from "../nearest.js";
import { packageFile } from "../root.js";
import type { Node } from "../spec/node.js";
import { isObject, type Json, join, list, object, tokensOf } from "../spec/pointer.js";
import type { Finding } from "./rule.js";
import { typeOf } from "./schema.js";

/** The members of the schema's `$defs` that stand on their own in a document. */
type Definition = "lifecycle" | "fill";

/** Everything in which a value departs from a definition of the language. */
export function checkStructure(definition: Definition, { pointer, value }: Node): Finding[] {
  const validate = ajv().getSchema(`language#/$defs/${definition}`);
  if (validate === undefined) throw new TypeError(`lifecycle.schema.json has no definition "${definition}"`);
  validate(value);
  const findings = findingsOf(validate.errors, WHOLE[definition]);
  return findings.map((finding) => ({ ...finding, pointer: `${pointer}${finding.pointer}` }));
}

/**
 * What a validator's errors mean, in sentences; pointers are relative to what was validated.
 *
 * @param errors of a validator that is `verbose` and finds `allErrors`.
 * @param whole how messages call what was validated, such as `the lifecycle`.
 */
export function findingsOf(errors: readonly ErrorObject[] | null | undefined, whole: string): Finding[] {
  return (errors ?? []).flatMap((error) => explain(error, called(error.instancePath) ?? whole) ?? []);
}

const WHOLE: Readonly<Record<Definition, string>> = { lifecycle: "the lifecycle", fill: "an x-fill" };

let shared: Ajv2020 | undefined;

function ajv(): Ajv2020 {
  if (shared !== undefined) return shared;
  shared = new Ajv2020({ allErrors: true, verbose: true, strictTypes: false, strictRequired: false });
  shared.addKeyword(LATER);
  shared.addSchema(JSON.parse(readFileSync(packageFile("src/lifecycle/lifecycle.schema.json"), "utf8")) as object, "language");
  return shared;
}

/** Lists the names that are part of the language and not executed yet. */
const LATER = "x-later";

/** What an error of the validator means at a place; nothing for those that only sum up others. */
function explain(error: ErrorObject, place: string): Finding | undefined {
  const { instancePath, keyword, params, data } = error;
  const parent = object(error.parentSchema);
  const at = (message: string, hint?: string): Finding => ({ pointer: instancePath, message, hint });
  const atKey = (name: string, message: string, hint?: string): Finding => {
    return { pointer: join(instancePath, name), part: "key", message, hint };
  };
  switch (keyword) {
    case "additionalProperties": {
      const name = String(params["additionalProperty"]);
      if (isLater(name, parent)) return atKey(name, later(name));
      const what = parent["title"] === "function" ? "a function" : `a member of ${place}`;
      return atKey(name, `"${name}" is not ${what}`, suggest(name, Object.keys(object(parent["properties"]))));
    }
    case "required": {
      const name = String(params["missingProperty"]);
      const description = object(object(parent["properties"])[name])["description"];
      return {
        ...at(`${place} needs "${name}"`, typeof description === "string" ? `"${name}": ${lower(description)}` : undefined),
        part: "key",
      };
    }
    case "type": {
      const wanted = [params["type"]].flat().map((type) => withArticle(String(type)));
      const hint = parent["title"] === "duration" ? `it is ${described(parent)}` : undefined;
      return at(`${place} is ${wanted.join(" or ")}, not ${withArticle(typeOf(data))}`, hint);
    }
    case "enum": {
      const allowed = list(params["allowedValues"]).map(String);
      if (isLater(data, parent)) return at(later(String(data)));
      const near = nearest(String(data), allowed);
      return at(
        `${place} is one of ${allowed.map((one) => `"${one}"`).join(", ")}, not ${JSON.stringify(data)}`,
        near === undefined ? undefined : `did you mean "${near}"?`,
      );
    }
    case "const":
      return at(`${place} is ${JSON.stringify(params["allowedValue"])}, not ${JSON.stringify(data)}`);
    case "pattern":
      if (parent["title"] === "expression") return at(`${place} is an expression, which starts with "$"`);
      return error.propertyName === undefined
        ? at(`"${String(data)}" is not ${described(parent)}`)
        : atKey(error.propertyName, `"${error.propertyName}" is not ${described(parent)}`);
    case "not":
      if (isLater(data, parent)) return at(later(String(data)));
      return { ...at(`${place} stands beside "operationRef"; only one of them names the operation`), part: "key" };
    case "false schema":
      return { ...at(`${place} is not followed here; write the inputs out`), part: "key" };
    case "minItems":
    case "minLength":
      return at(`${place} is empty`);
    case "minProperties":
    case "maxProperties":
      return at(`${place} is one function, an object with one member`, namesOfMembers(data));
    case "minimum":
      return at(`${place} is at least ${String(params["limit"])}, not ${String(data)}`);
    case "if":
    case "propertyNames":
      return undefined;
    default:
      return at(`${place} ${error.message ?? "is not right"}`);
  }
}

function isLater(name: unknown, schema: Json): boolean {
  return list(schema[LATER]).includes(name);
}

function later(name: string): string {
  return `"${name}" is part of the language but not yet executed; it comes in a later round`;
}

/** How a message calls a value within the whole: by its name, or by its number in the list of that name. */
function called(pointer: string): string | undefined {
  const tokens = tokensOf(pointer);
  const last = tokens.at(-1);
  if (last === undefined) return undefined;
  return /^\d+$/.test(last) && tokens.length > 1 ? `item ${last} of "${tokens.at(-2)}"` : `"${last}"`;
}

function described(schema: Json): string {
  return lower(String(schema["description"]));
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, "");
}

function withArticle(type: string): string {
  if (type === "null") return "empty";
  return /^[aio]/.test(type) ? `an ${type}` : `a ${type}`;
}

function namesOfMembers(value: unknown): string | undefined {
  const names = isObject(value) ? Object.keys(value) : [];
  return names.length === 0 ? undefined : `there are ${names.map((name) => `"${name}"`).join(", ")}`;
}
