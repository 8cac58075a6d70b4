/** The argument of an operation's call as a caller would write it: short, realistic, of the document's own examples. */

import { sample } from "openapi-sampler";
import type { Operation } from "../../src/lifecycle/contract.js";
import { FILL, parametersOf } from "../../src/lifecycle/definition.js";
import { at } from "../../src/lifecycle/expression.js";
import { isOpaque } from "../../src/lifecycle/wire.js";
import type { Document } from "../spec/document.js";
import { isObject, type Json, list, object } from "../spec/pointer.js";
import { fitting } from "./fitting.js";
import type { ExampleCall } from "./model.js";

/** Beyond this many characters of JSON, an example body keeps only what its schema requires. */
const LONG_BODY = 480;

/** What stands for a text of which the document gives no example. */
const SOME_TEXT = "…";

/**
 * Only what the caller must write: parameters that are required and that nothing fills, and the body when there is one. A
 * parameter of the same name and place as a credential is the security scheme's, not the caller's.
 */
export function exampleCall(document: Document, pathItem: Json, operation: Json, data: Operation): ExampleCall {
  const params: Record<string, Record<string, unknown>> = {};
  for (const parameter of parametersOf(document.root, pathItem, operation)) {
    const place = String(parameter["in"]);
    const required = parameter["required"] === true || place === "path";
    if (!required || FILL in parameter) continue;
    params[place] ??= {};
    params[place][String(parameter["name"])] = exampleOfParameter(document, parameter);
  }
  const body = exampleBody(document, operation, data.contentType);
  return { ...(Object.keys(params).length > 0 && { params }), ...(body !== undefined && { body }) };
}

function exampleBody(document: Document, operation: Json, contentType: string | undefined): unknown {
  const requestBody = object(document.dereference(operation["requestBody"]));
  if (contentType === undefined) return undefined;
  const media = object(document.dereference(object(requestBody["content"])[contentType]));
  const schema = object(document.dereference(media["schema"]));
  const stated = statedExample(document, media) ?? statedExample(document, schema);
  const isRequired = requestBody["required"] === true;
  if (isOpaque(contentType) && typeof stated !== "string") return stated !== undefined || isRequired ? SOME_TEXT : undefined;
  if (stated === undefined && !isRequired) return undefined;
  const example = fitted(document, stated, schema);
  return stated === undefined ? example : brief(document, example, schema);
}

/** What the document gives, as far as it fits; else what is made up; else what the document gives after all. */
function fitted(document: Document, stated: unknown, schema: Json): unknown {
  const fit = stated === undefined ? undefined : fitting(document, stated, schema);
  if (fit !== undefined) return fit;
  const made = sampled(document, schema);
  return fitting(document, made, schema) ?? stated ?? made;
}

function exampleOfParameter(document: Document, parameter: Json): unknown {
  const [content] = Object.values(object(parameter["content"]));
  const media = object(document.dereference(content));
  const schema = object(document.dereference(parameter["schema"] ?? media["schema"]));
  const stated = statedExample(document, parameter) ?? statedExample(document, media) ?? statedExample(document, schema);
  return fitted(document, stated, schema) ?? SOME_TEXT;
}

/** `example`, or the first of `examples`, which is a list in a schema and a map of Example Objects elsewhere. */
function statedExample(document: Document, holder: Json): unknown {
  if (holder["example"] !== undefined) return holder["example"];
  const { examples } = holder;
  if (Array.isArray(examples)) return examples[0];
  const [first] = Object.entries(object(examples));
  return first && object(document.dereference(first[1]))["value"];
}

function brief(document: Document, example: unknown, schema: Json): unknown {
  if (!isObject(example) || (JSON.stringify(example)?.length ?? 0) <= LONG_BODY) return example;
  const required = new Set(requiredMembers(document, schema));
  const kept = Object.entries(example).filter(([member]) => required.has(member));
  return kept.length > 0 ? Object.fromEntries(kept) : example;
}

function requiredMembers(document: Document, schema: Json, depth = 0): unknown[] {
  if (depth > 8) return [];
  const parts = list(schema["allOf"]).map((part) => object(document.dereference(part)));
  return [...list(schema["required"]), ...parts.flatMap((part) => requiredMembers(document, part, depth + 1))];
}

function sampled(document: Document, schema: Json): unknown {
  if (at(schema, "/type") === "string" && schema["enum"] === undefined && schema["format"] === undefined) return SOME_TEXT;
  try {
    const options = { skipNonRequired: true, skipReadOnly: true, quiet: true };
    return withoutPlaceholders(silently(() => sample(schema, options, object(document.root))));
  } catch {
    // The sampler throws on what it cannot make up, such as a reference to nothing. An example is only an example.
    return SOME_TEXT;
  }
}

/** Even when it is to be quiet, the sampler tells the console of types that contradict each other. */
function silently<T>(work: () => T): T {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return work();
  } finally {
    console.warn = warn;
  }
}

/** The sampler says "string" where it knows nothing. */
function withoutPlaceholders(value: unknown): unknown {
  if (value === "string") return SOME_TEXT;
  if (Array.isArray(value)) return value.map(withoutPlaceholders);
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutPlaceholders(member)]))
    : value;
}
