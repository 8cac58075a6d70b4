import { at, type Reference } from "../../src/lifecycle/expression.js";
import { suggest } from "../nearest.js";
import { object } from "../spec/pointer.js";
import { type Answer, answersFor } from "./answers.js";
import type { Context } from "./context.js";
import { bodySchemas } from "./responses.js";
import type { Finding, Rule } from "./rule.js";
import { type Lookup, lookUp, typesOf } from "./schema.js";
import { type LifecycleText, lifecycleTexts, spanOf, spelling } from "./texts.js";

type BodyReference = Extract<Reference, { root: "response.body" }>;

export const lifecycleResponsePointer: Rule = {
  id: "lifecycle-response-pointer",
  description: "Every $response.body leads into the schema of a response that it can be about, and to a fitting type.",
  severity: "error",
  *check(context) {
    for (const text of lifecycleTexts(context)) {
      for (const reference of text.references) {
        if (reference.root !== "response.body") continue;
        const fault = checkPointer(context, text, reference);
        if (fault === undefined) continue;
        yield { pointer: text.pointer, ...spanOf(reference, text.text), ...fault };
      }
    }
  },
};

type Fault = Pick<Finding, "message" | "hint">;
type Found = Extract<Lookup, { found: true }>;
type Missing = Extract<Lookup, { found: false }>;

function checkPointer(context: Context, text: LifecycleText, reference: BodyReference): Fault | undefined {
  const { operations, answers } = answersFor(context, text);
  const [only, ...others] = operations;
  if (only === undefined) return undefined;
  const labels = others.length === 0 ? only.label : `the ${operations.length} operations concerned`;
  if (answers.length === 0) {
    const who = others.length === 0 ? `${only.label} does not document` : `none of ${labels} documents`;
    return { message: `this reads a response that ${who}`, hint: "document it, and its body" };
  }
  const body = `body of ${labels} (${statusesOf(answers)})`;
  const lookups = answers.flatMap(({ response }) =>
    bodySchemas(context.document, response).map((schema) => lookUp(context.document, schema, reference.pointer)),
  );
  if (lookups.length === 0) return { message: `no ${body} is described`, hint: "give the response a JSON schema" };
  const found = lookups.filter((lookup) => lookup.found);
  if (found.length > 0) {
    return found.some(({ schemas }) => schemas.length === 0) ? undefined : checkType(context, text, reference, found);
  }
  const { member, known } = closest(lookups.filter((lookup) => !lookup.found));
  return { message: `"${reference.pointer}" is in no ${body}`, hint: suggest(member, known) };
}

/** Of several schemas the one that knows most of the pointer says what is missing. */
function closest(lookups: readonly Missing[]): Missing {
  return lookups.reduce((best, next) => (next.parent.length > best.parent.length ? next : best));
}

function checkType(
  context: Context,
  text: LifecycleText,
  reference: BodyReference,
  found: readonly Found[],
): Fault | undefined {
  if (text.text !== spelling(reference)) return undefined;
  const wanted = wantedTypes(context, text);
  const types = found.map(({ schemas }) => typesOf(schemas));
  if (wanted === undefined || types.some((one) => one === undefined || wanted.types.some((type) => one.has(type)))) {
    return undefined;
  }
  const given = [...new Set(types.flatMap((one) => [...(one ?? [])]))].join(" or ");
  return { message: `${wanted.what} is ${wanted.types.join(" or ")}, but "${reference.pointer}" is ${given}` };
}

const NUMERIC = ["integer", "number", "string"];

/** The types that fit where the text stands; a text that spells a number fits where a number does. */
function wantedTypes({ document }: Context, { site, output, pointer, scheme }: LifecycleText): Wanted | undefined {
  if (site === "expires") {
    const rule = object(at(document.root, pointer.slice(0, pointer.lastIndexOf("/"))));
    const format = rule["format"];
    if (format === "date-time" || format === "http-date") return { what: `a ${format}`, types: ["string"] };
    return { what: "at" in rule ? "a moment" : "a lifetime", types: NUMERIC };
  }
  if (site !== "outputs") return undefined;
  if (output === "accessToken" || output === "refreshToken") return { what: output, types: ["string"] };
  const remainingUses = object(scheme.lifecycle?.value["refreshToken"])["remainingUses"];
  return remainingUses === `$outputs.${output}` ? { what: "a number of uses", types: NUMERIC } : undefined;
}

interface Wanted {
  readonly what: string;
  readonly types: readonly string[];
}

function statusesOf(answers: readonly Answer[]): string {
  return [...new Set(answers.map(({ response }) => response.status))].join(", ");
}
