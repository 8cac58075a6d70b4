/** What stands where in a description, so that a reference is known for one, and what it leads to for what it has to be. */

/** The kinds of Components Objects that a part of another file can become; each is the name of the map that holds it. */
export const COMPONENT_KINDS = [
  "schemas",
  "responses",
  "parameters",
  "examples",
  "requestBodies",
  "headers",
  "securitySchemes",
  "links",
  "callbacks",
] as const;

export type ComponentKind = (typeof COMPONENT_KINDS)[number];

/** An object of OpenAPI by what it is; `other` is one whose members have no references of their own, and may be one all the same. */
export type Kind =
  | ComponentKind
  | "document"
  | "components"
  | "pathItems"
  | "operations"
  | "mediaTypes"
  | "encodings"
  | "other";

/** What a value is: an object of a kind, or a map or list of such objects, whose own names and items have no meaning here. */
export interface Context {
  readonly kind: Kind;
  readonly isMap: boolean;
}

export const DOCUMENT: Context = { kind: "document", isMap: false };

export function isComponentKind(kind: string): kind is ComponentKind {
  return COMPONENT_KINDS.some((one) => one === kind);
}

/**
 * What a member of a value is; `undefined` for data of the API, in which nothing is a reference: examples, defaults, enums,
 * constants, extensions, and whatever a schema says that is no schema.
 */
export function memberContext({ kind, isMap }: Context, name: string): Context | undefined {
  if (isMap) return one(kind);
  if (name.startsWith("x-")) return undefined;
  if (kind === "callbacks") return one("pathItems");
  const known = Object.hasOwn(MEMBERS[kind], name) ? MEMBERS[kind][name] : undefined;
  return known ?? (OPEN.has(kind) && !DATA.has(name) ? one("other") : undefined);
}

function one(kind: Kind): Context {
  return { kind, isMap: false };
}

function many(kind: Kind): Context {
  return { kind, isMap: true };
}

/** Kinds among whose unknown members there may be references that people write though OpenAPI has none there. */
const OPEN: ReadonlySet<Kind> = new Set(["document", "pathItems", "operations", "other"]);

/** Members that hold data of the API, wherever they stand. */
const DATA = new Set(["const", "default", "enum", "example", "examples", "mapping", "value"]);

const CONTENT = { schema: one("schemas"), itemSchema: one("schemas"), examples: many("examples") };

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

const NOTHING: Readonly<Record<string, Context>> = {};

const MEMBERS: Readonly<Record<Kind, Readonly<Record<string, Context>>>> = {
  document: { paths: many("pathItems"), webhooks: many("pathItems"), components: one("components") },
  components: {
    ...Object.fromEntries(COMPONENT_KINDS.map((kind) => [kind, many(kind)])),
    pathItems: many("pathItems"),
    mediaTypes: many("mediaTypes"),
  },
  pathItems: {
    ...Object.fromEntries(METHODS.map((method) => [method, one("operations")])),
    additionalOperations: many("operations"),
    parameters: many("parameters"),
  },
  operations: {
    parameters: many("parameters"),
    requestBody: one("requestBodies"),
    responses: many("responses"),
    callbacks: many("callbacks"),
  },
  parameters: { ...CONTENT, content: many("mediaTypes") },
  headers: { ...CONTENT, content: many("mediaTypes") },
  requestBodies: { content: many("mediaTypes") },
  responses: { headers: many("headers"), content: many("mediaTypes"), links: many("links") },
  mediaTypes: { ...CONTENT, encoding: many("encodings"), prefixEncoding: many("encodings"), itemEncoding: one("encodings") },
  encodings: { headers: many("headers") },
  schemas: {
    ...Object.fromEntries(
      [
        "properties",
        "patternProperties",
        "dependentSchemas",
        "$defs",
        "definitions",
        "allOf",
        "anyOf",
        "oneOf",
        "prefixItems",
      ].map((name) => [name, many("schemas")]),
    ),
    ...Object.fromEntries(
      [
        "items",
        "additionalItems",
        "additionalProperties",
        "contains",
        "contentSchema",
        "else",
        "if",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
      ].map((name) => [name, one("schemas")]),
    ),
  },
  examples: NOTHING,
  securitySchemes: NOTHING,
  links: NOTHING,
  callbacks: NOTHING,
  other: NOTHING,
};
