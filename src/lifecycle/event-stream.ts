/**
 * What a document says of server-sent events: which data is JSON and which is text, and the schema of an event as its reader
 * gets it. OpenAPI has all data as text, in which `contentMediaType` and `contentSchema` say what JSON there is.
 *
 * This module is for build time and the sandbox, as `wire.ts` is.
 *
 * @see https://spec.openapis.org/oas/v3.2.0#special-considerations-for-server-sent-events
 */

import type { AnswerKind, EventTexts } from "./contract.js";

type Json = Readonly<Record<string, unknown>>;
type Dereference = (value: unknown) => unknown;

/** Deep enough for any schema that somebody wrote, and an end for those that hold themselves. */
const MOST_LEVELS = 16;
const PARTS = ["allOf", "oneOf", "anyOf"] as const;

/** How the events of a stream are read. */
export interface EventRule {
  readonly kind: AnswerKind;
  readonly texts?: EventTexts;
}

/**
 * @param schema that of an event, or of its data: one with a member `data` is taken for the event. A list is taken for what it
 * is a list of: `schema`, other than `itemSchema`, is that of the whole stream.
 */
export function eventRule(schema: Json, dereference: Dereference): EventRule {
  const shapes = shapesOf(schema, dereference, 0);
  if (shapes.every(({ data }) => data === undefined)) {
    return isJson(schema, dereference, 0) ? textsOf("json-data", [], [schema], dereference) : { kind: "data" };
  }
  const isTextByDefault = shapes[0]?.data !== undefined && !isJson(shapes[0].data, dereference, 0);
  const json = shapes.filter(({ data }) => data !== undefined && isJson(data, dereference, 0));
  if (json.length === 0) return { kind: "events" };
  const known = new Set(json.flatMap(({ events }) => events));
  // The first is the schema itself; a part without a name is of those events that have none, which are messages.
  const texts = shapes
    .slice(1)
    .filter((shape) => !json.includes(shape) && (shape.data !== undefined || (isTextByDefault && shape.events.length > 0)))
    .flatMap(({ events }) => (events.length === 0 ? ["message"] : events));
  const data = shapes.flatMap((shape) => (shape.data === undefined ? [] : [shape.data]));
  return textsOf(
    "json-events",
    [...new Set(texts)].filter((event) => !known.has(event)),
    data,
    dereference,
  );
}

function textsOf(kind: AnswerKind, events: readonly string[], schemas: readonly Json[], dereference: Dereference): EventRule {
  const data = [...new Set(schemas.flatMap((schema) => constants(schema, dereference, 0)))];
  const texts = { ...(events.length > 0 && { events }), ...(data.length > 0 && { data }) };
  return Object.keys(texts).length > 0 ? { kind, texts } : { kind };
}

/**
 * The schema of an event with JSON where it stands in a text. It is the one that was given where there is none, so that a
 * reference stays one.
 */
export function readEvent(stated: unknown, dereference: Dereference): unknown {
  const schema = object(dereference(stated));
  const shapes = shapesOf(schema, dereference, 0);
  return shapes.every(({ data }) => data === undefined) ? readData(stated, dereference, 0) : readShape(stated, dereference, 0);
}

function readShape(stated: unknown, dereference: Dereference, level: number): unknown {
  const schema = object(dereference(stated));
  const data = dataOf(schema, dereference);
  const read = data === undefined ? undefined : readData(object(schema["properties"])["data"], dereference, 0);
  const parts = level < MOST_LEVELS ? partsOf(schema, (part) => readShape(part, dereference, level + 1)) : {};
  const isChanged = read !== object(schema["properties"])["data"] && data !== undefined;
  if (!isChanged && Object.keys(parts).length === 0) return stated;
  const properties = object(schema["properties"]);
  const kept = { ...schema, ...(isChanged && { properties: { ...properties, data: read } }), ...parts };
  // What is text by default and JSON in a part is said in each part: the two together are nothing that there could be.
  const choice = (["oneOf", "anyOf"] as const).find((keyword) => keyword in parts);
  if (choice === undefined || data === undefined || isJson(data, dereference, 0)) return kept;
  const { data: text, ...others } = properties;
  const isDemanded = listed(schema["required"]).includes("data");
  const told = (parts[choice] as unknown[]).map((part) => {
    const own = object(dereference(part));
    return {
      ...own,
      properties: { data: text, ...object(own["properties"]) },
      ...(isDemanded && { required: [...listed(own["required"]), "data"] }),
    };
  });
  return { ...kept, properties: others, [choice]: told };
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What the parts of a composition become; nothing of those of which none changes. */
function partsOf(schema: Json, read: (part: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(
    PARTS.flatMap((keyword) => {
      const stated = schema[keyword];
      if (!Array.isArray(stated)) return [];
      const parts = stated.map(read);
      return parts.some((part, index) => part !== stated[index]) ? [[keyword, parts]] : [];
    }),
  );
}

function readData(stated: unknown, dereference: Dereference, level: number): unknown {
  const schema = object(dereference(stated));
  if (isJsonText(schema)) return schema["contentSchema"] ?? {};
  const parts = level < MOST_LEVELS ? partsOf(schema, (part) => readData(part, dereference, level + 1)) : {};
  return Object.keys(parts).length > 0 ? { ...schema, ...parts } : stated;
}

interface Shape {
  /** The types of events that it is of; any, where there are none. */
  readonly events: readonly string[];
  readonly data?: Json;
}

/** The schema and its parts, each with the events that it is about and with their data. */
function shapesOf(schema: Json, dereference: Dereference, level: number): Shape[] {
  const data = dataOf(schema, dereference);
  const event = object(dereference(object(schema["properties"])["event"]));
  const own = { events: constants(event, dereference, MOST_LEVELS), ...(data !== undefined && { data }) };
  if (level === MOST_LEVELS) return [own];
  const parts = PARTS.flatMap((keyword) => schema[keyword] ?? []) as unknown[];
  return [own, ...parts.flatMap((part) => shapesOf(object(dereference(part)), dereference, level + 1))];
}

function dataOf(schema: Json, dereference: Dereference): Json | undefined {
  const properties = object(schema["properties"]);
  return Object.hasOwn(properties, "data") ? object(dereference(properties["data"])) : undefined;
}

/** The texts that a value may be, where its schema or a part of it lists them. */
function constants(schema: Json, dereference: Dereference, level: number): string[] {
  const { const: constant, enum: values } = schema;
  const own = [constant, ...listed(values)].filter((one) => typeof one === "string");
  if (level >= MOST_LEVELS) return own;
  const parts = PARTS.flatMap((keyword) => schema[keyword] ?? []) as unknown[];
  return [...own, ...parts.flatMap((part) => constants(object(dereference(part)), dereference, level + 1))];
}

function isJson(schema: Json, dereference: Dereference, level: number): boolean {
  if (isJsonText(schema)) return true;
  const { type } = schema;
  const types = Array.isArray(type) ? type : [type];
  if (types.includes("string") || typeof schema["contentMediaType"] === "string" || level === MOST_LEVELS) return false;
  if (type !== undefined || "properties" in schema || "items" in schema) return true;
  const parts = PARTS.flatMap((keyword) => schema[keyword] ?? []) as unknown[];
  return parts.some((part) => isJson(object(dereference(part)), dereference, level + 1));
}

/** Whether it is a text that holds JSON. */
function isJsonText({ contentMediaType, contentSchema }: Json): boolean {
  if (typeof contentMediaType !== "string") return contentSchema !== undefined;
  return /[/+]json\s*(?:;|$)/i.test(contentMediaType);
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
