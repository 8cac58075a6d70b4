/**
 * What openapi-typescript is shown of a mended document: a copy that holds nothing but what it makes types of, each part in the
 * form in which the tool types it right. What it does not know, such as the methods and places of OpenAPI 3.2, is shown to it
 * under marks, which `marked.ts` takes out of the types again.
 */

import { FILL } from "../../../src/lifecycle/definition.js";
import { readEvent } from "../../../src/lifecycle/event-stream.js";
import { at } from "../../../src/lifecycle/expression.js";
import { operationsOf } from "../../../src/lifecycle/operations.js";
import { essence, isStream, itemOf } from "../../../src/lifecycle/wire.js";
import type { Document } from "../../spec/document.js";
import { isObject, type Json, list, localTarget, object, tokensOf } from "../../spec/pointer.js";
import { COMPOSITIONS, composed, Demands, requiredElsewhere, says } from "./composition.js";
import { componentReference, guardName } from "./guarded.js";
import { discriminator, examples, flags, simpleKeywords, texts } from "./keywords.js";
import { isTyped, markedName, markedPath, markedRest } from "./marked.js";

/** A schema of the copy: `true`, `false`, a reference to a component, or keywords that openapi-typescript reads. */
export type PreparedSchema = boolean | Readonly<Record<string, unknown>>;

type NamedSchema = readonly [string, PreparedSchema];

export interface Prepared {
  readonly openapi: string;
  readonly paths: Json;
  /** What the service calls, by name, each as {@link Preparation.path} has it. */
  readonly webhooks: Readonly<Record<string, Json>>;
  /** The same, by operation, by the name of the callback, and by the expression that says where it goes to. */
  readonly callbacks: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Json>>>>>>;
  readonly components: Readonly<Record<ComponentKind, Json>>;
}

type ComponentKind = keyof Preparation["kinds"];

/** What tools for Swagger, which has no word for it, have for `nullable`. */
const NULLABLE = "x-nullable";

/** What may be said of a schema beside a reference to it. */
const ABOUT = ["nullable", "readOnly", "writeOnly", "deprecated"] as const;

/** What is said of a member rather than of its type. */
const ABOUT_MEMBERS: ReadonlySet<string> = new Set([
  "title",
  "description",
  "format",
  "readOnly",
  "writeOnly",
  "deprecated",
  "default",
  "example",
  "examples",
]);

/** Headers that a document says by its contents and its security; as parameters OpenAPI ignores them. */
const SAID_ELSEWHERE = /^(?:accept|content-type|authorization)$/i;

/** Keywords beside a reference that add to the type. */
const SHAPING = [
  "properties",
  "required",
  "additionalProperties",
  "patternProperties",
  "items",
  "prefixItems",
  "allOf",
  "anyOf",
  "oneOf",
  "enum",
  "const",
];

export function prepare(document: Document): Prepared {
  return new Preparation(document).run();
}

class Preparation {
  /** How the components of each kind are prepared; references between them stay references. */
  readonly kinds = {
    schemas: (value: unknown) => this.schema(value),
    responses: (value: unknown) => this.response(value),
    parameters: (value: unknown) => this.parameter(object(value)),
    requestBodies: (value: unknown) => this.requestBody(value),
    headers: (value: unknown) => this.header(value),
    pathItems: (value: unknown) => this.pathItem(value),
  };

  private readonly document: Document;
  private readonly components: Json;
  private readonly demands: Demands;

  constructor(document: Document) {
    this.document = document;
    this.demands = new Demands((value) => document.dereference(value));
    this.components = object(at(document.root, "/components"));
  }

  run(): Prepared {
    const root = object(this.document.root);
    const paths = entries(root["paths"]).filter(([path]) => !path.startsWith("x-"));
    const components = Object.fromEntries(
      Object.entries(this.kinds).map(([kind, prepareOne]) => [
        kind,
        Object.fromEntries(this.componentsOf(kind as ComponentKind).map(([name, value]) => named(name, prepareOne(value)))),
      ]),
    ) as Record<ComponentKind, Json>;
    return {
      openapi: "3.1.0",
      paths: Object.assign({}, ...paths.map(([path, item]) => this.path(path, object(item), true))) as Json,
      webhooks: this.incoming(root["webhooks"]),
      callbacks: Object.fromEntries(paths.flatMap(([, item]) => this.callbacks(object(item)))),
      components,
    };
  }

  /** A schema may stand for another; for a component of any other kind that does, the other one is taken. */
  private componentsOf(kind: ComponentKind): [string, unknown][] {
    const stated = entries(this.components[kind]);
    return kind === "schemas" ? stated : stated.map(([name, value]) => [name, this.document.dereference(value)]);
  }

  /** A path, and for each of its operations that the tool has no method for a marked path with that operation alone. */
  private path(path: string, stated: Json, isNamed: boolean): Json {
    const parameters = this.parameters(stated["parameters"]);
    const further = operationsOf(stated)
      .filter(({ method }) => !isTyped(method))
      .map(({ method, operation }): [string, Json] => [
        markedPath(method, path),
        { ...(parameters.length > 0 && { parameters }), post: this.operation(operation, isNamed) },
      ]);
    return Object.fromEntries([[guardName(path), this.pathItem(stated, isNamed)], ...further]);
  }

  /** What the service calls, by name or by expression. */
  private incoming(value: unknown): Record<string, Json> {
    const stated = entries(value).filter(([name, item]) => !name.startsWith("x-") && isObject(item));
    return Object.fromEntries(
      stated.map(([name, item]) => named(name, this.path(name, object(this.document.dereference(item)), false))),
    );
  }

  /** The callbacks of a path's operations, by their names. */
  private callbacks(pathItem: Json): (readonly [string, Record<string, Record<string, Json>>])[] {
    return operationsOf(pathItem).flatMap(({ operation: { operationId, callbacks } }) => {
      const stated = entries(callbacks).map(([name, callback]) =>
        named(name, this.incoming(this.document.dereference(callback))),
      );
      return typeof operationId === "string" && stated.length > 0 ? [named(operationId, Object.fromEntries(stated))] : [];
    });
  }

  /** Only operations that clients have, those of paths, are declared by their names. */
  private pathItem(value: unknown, isNamed = false): Json {
    const stated = object(value);
    const operations = operationsOf(stated)
      .filter(({ method }) => isTyped(method))
      .map(({ method, operation }) => [method, this.operation(operation, isNamed)] as const);
    const parameters = this.parameters(stated["parameters"]);
    return { ...(parameters.length > 0 && { parameters }), ...Object.fromEntries(operations) };
  }

  private operation(stated: Json, isNamed: boolean): Json {
    const { operationId } = stated;
    const body = this.component("requestBodies", stated["requestBody"]);
    const responses = entries(stated["responses"]).flatMap(([status, response]) => {
      const prepared = status.startsWith("x-") ? undefined : this.component("responses", response);
      return prepared ? [[status, prepared] as const] : [];
    });
    return {
      ...texts(stated, "summary", "description"),
      ...flags(stated, "deprecated"),
      ...(isNamed && typeof operationId === "string" && { operationId: guardName(operationId) }),
      parameters: this.parameters(stated["parameters"]),
      ...(body && { requestBody: body }),
      responses: Object.fromEntries(responses),
    };
  }

  private parameters(value: unknown): Json[] {
    return list(value).flatMap((stated): Json[] => {
      const parameter = this.component("parameters", stated);
      return parameter ? [parameter] : [];
    });
  }

  /**
   * A parameter that is filled, or that says what is said elsewhere, is not demanded; where it stands in the path,
   * openapi-typescript demands it all the same.
   */
  private parameter(stated: Json): Json {
    const { in: place, name } = stated;
    const schema = this.schemaOrContent(stated);
    return {
      ...texts(stated, "description"),
      ...flags(stated, "deprecated"),
      ...(place === "querystring"
        ? { in: "query", name: markedName(String(name)) }
        : { in: place, name: guardName(String(name)) }),
      required: stated["required"] === true && !(FILL in stated) && !(place === "header" && SAID_ELSEWHERE.test(String(name))),
      ...(schema !== undefined && { schema }),
      ...examples(stated),
    };
  }

  private header(value: unknown): Json {
    const stated = object(value);
    const schema = this.schemaOrContent(stated);
    return {
      ...texts(stated, "description"),
      ...flags(stated, "required", "deprecated"),
      ...(schema !== undefined && { schema }),
      ...examples(stated),
    };
  }

  private schemaOrContent(stated: Json): PreparedSchema | undefined {
    if (stated["schema"] !== undefined) return this.schema(stated["schema"]);
    const [media] = entries(stated["content"]);
    return media && this.mediaSchema(...media);
  }

  private requestBody(value: unknown): Json {
    const stated = object(value);
    return {
      ...texts(stated, "description"),
      ...flags(stated, "required"),
      content: this.content(stated["content"], true),
    };
  }

  private response(value: unknown): Json {
    const stated = object(value);
    const headers = entries(stated["headers"]).flatMap(([name, header]) => {
      const prepared = this.component("headers", header);
      return prepared ? [named(name, prepared)] : [];
    });
    return {
      ...texts(stated, "description"),
      ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
      content: this.content(stated["content"]),
    };
  }

  private content(value: unknown, isSent = false): Json {
    return Object.fromEntries(
      entries(value).map(([mediaType, stated]) => {
        const schema = this.mediaSchema(mediaType, stated, isSent);
        const media = object(this.document.dereference(stated));
        return named(mediaType, { ...(schema !== undefined && { schema }), ...examples(media) });
      }),
    );
  }

  /** Of a stream that comes each item has a type of its own; any other content that is described by its items is a list. */
  private mediaSchema(mediaType: string, stated: unknown, isSent = false): PreparedSchema | undefined {
    const media = object(this.document.dereference(stated));
    const dereference = (value: unknown) => this.document.dereference(value);
    const name = essence(mediaType);
    if (isStream(name)) {
      const item = itemOf(media, dereference);
      if (item === undefined) return undefined;
      if (isSent) return { type: "array", items: this.schema(item) };
      return this.schema(name === "text/event-stream" ? readEvent(item, dereference) : item);
    }
    const { schema, itemSchema } = media;
    if (schema !== undefined) return this.schema(schema);
    return itemSchema === undefined ? undefined : { type: "array", items: this.schema(itemSchema) };
  }

  /** A part that may be a reference. One to a component of its kind stays; any other becomes what it leads to. */
  private component(kind: Exclude<ComponentKind, "schemas">, value: unknown): Json | undefined {
    if (!isObject(value)) return undefined;
    if (typeof value["$ref"] !== "string") return this.kinds[kind](value) as Json;
    const name = this.componentName(kind, value["$ref"]);
    if (name !== undefined) return { $ref: componentReference(kind, name) };
    const target = this.document.dereference(value);
    return isObject(target) ? (this.kinds[kind](target) as Json) : undefined;
  }

  private componentName(kind: ComponentKind, reference: string): string | undefined {
    const [components, of, name, ...rest] = tokensOf(localTarget(reference) ?? "");
    if (components !== "components" || of !== kind || name === undefined || rest.length > 0) return undefined;
    const stated = object(this.components[kind]);
    return Object.hasOwn(stated, name) && this.document.dereference(stated[name]) !== undefined ? name : undefined;
  }

  private schema(stated: unknown): PreparedSchema {
    if (typeof stated === "boolean") return stated;
    if (!isObject(stated)) return {};
    const value = stated[NULLABLE] === true && !("nullable" in stated) ? { ...stated, nullable: true } : stated;
    if (isAnything(value["not"])) return false;
    if (typeof value["$ref"] === "string") return this.schemaReference(value["$ref"], value);
    return composed({
      ...simpleKeywords(value),
      ...this.composition(value),
      ...this.objectKeywords(value),
      ...this.arrayKeywords(value),
      ...discriminator(value["discriminator"], (reference) => this.componentName("schemas", reference)),
    });
  }

  /** What stands beside a reference is a part of the schema as well; a type that the reference has already says nothing. */
  private schemaReference(reference: string, stated: Json): PreparedSchema {
    const name = this.componentName("schemas", reference);
    if (name === undefined) return {};
    const { $ref: _reference, type, ...rest } = stated;
    const { nullable, ...beside } = { ...texts(rest, "title", "description"), ...flags(rest, ...ABOUT) };
    const target = { $ref: componentReference("schemas", name) };
    if (type !== undefined && !this.hasType(reference)) return this.schema({ ...rest, type });
    const shaping = object(this.schema(Object.fromEntries(SHAPING.flatMap((key) => (key in rest ? [[key, rest[key]]] : [])))));
    if (Object.keys(shaping).length > 0) {
      return composed({ ...beside, allOf: [target, shaping], ...(nullable === true && { nullable }) });
    }
    return nullable === true ? { ...beside, anyOf: [target, { type: "null" }] } : { ...target, ...beside };
  }

  /** Whether what a reference leads to says anything of its type. */
  private hasType($ref: string): boolean {
    const target = this.document.dereference({ $ref });
    return isObject(target) ? says(target) || "additionalProperties" in target : typeof target === "boolean";
  }

  private composition(value: Json): Json {
    const required = "discriminator" in value ? [] : requiredElsewhere(value);
    return Object.fromEntries(
      COMPOSITIONS.flatMap((keyword) => {
        const parts = list(value[keyword])
          .map((part) => (keyword === "allOf" ? this.schema(part) : this.alternative(part, required)))
          // `true` allows everything and `false` nothing: as an object, which is what openapi-typescript expects here.
          .map((part) => (typeof part === "boolean" ? (part ? {} : { enum: [] }) : part));
        return parts.length > 0 ? [[keyword, parts]] : [];
      }),
    );
  }

  /** What the whole requires, and an alternative describes, is required of the alternative. */
  private alternative(stated: unknown, required: readonly string[]): PreparedSchema {
    const prepared = this.schema(stated);
    const names = required.filter((name) => this.isOptional(stated, name)).map(guardName);
    if (names.length === 0 || !isObject(prepared)) return prepared;
    if ("$ref" in prepared) return { allOf: [prepared], required: names };
    return { ...prepared, required: [...new Set([...list(prepared["required"]), ...names])] };
  }

  /** Whether a schema, or a part that holds with it, describes a member and none requires it. */
  private isOptional(stated: unknown, name: string, seen: ReadonlySet<unknown> = new Set()): boolean {
    const schema = this.document.dereference(stated);
    if (!isObject(schema) || seen.has(schema) || list(schema["required"]).includes(name)) return false;
    const further = new Set([...seen, schema]);
    return (
      Object.hasOwn(object(schema["properties"]), name) ||
      list(schema["allOf"]).some((part) => this.isOptional(part, name, further))
    );
  }

  private objectKeywords(value: Json): Json {
    const properties = entries(value["properties"]).map(([name, property]) => named(name, this.schema(property)));
    const patterns = entries(value["patternProperties"]).map(([pattern, property]) => named(pattern, this.schema(property)));
    const required = [...list(value["required"]), ...this.demands.ofReferences(value)]
      .filter((name) => typeof name === "string")
      .map(guardName);
    const additional = this.additional(othersOf(value), properties, patterns);
    return {
      ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
      ...(patterns.length > 0 && { patternProperties: Object.fromEntries(patterns) }),
      ...(required.length > 0 && { required: [...new Set(required)] }),
      ...(additional !== undefined && { additionalProperties: additional }),
    };
  }

  /** TypeScript asks of what stands for any name that it fit those that are named as well. */
  private additional(
    stated: unknown,
    properties: readonly NamedSchema[],
    patterns: readonly NamedSchema[],
  ): PreparedSchema | undefined {
    const own = typeof stated === "boolean" || isObject(stated) ? this.schema(stated) : undefined;
    const isTyped = isObject(own) && Object.keys(own).length > 0;
    if (own === true || (!isTyped && patterns.length === 0)) return own;
    return (
      fitting(
        isTyped ? own : undefined,
        patterns.map(([, pattern]) => pattern),
        properties.map(([, property]) => property),
      ) ?? own
    );
  }

  private arrayKeywords(value: Json): Json {
    const { items, prefixItems } = value;
    const positions = list(prefixItems).map((item) => this.schema(item));
    if (positions.length > 0) {
      // What nothing is said of is not expected: a list of so many items is what authors mean by these.
      const rest = items ?? value["unevaluatedItems"] ?? false;
      return { prefixItems: rest === false ? positions : [...positions, markedRest(this.schema(rest))] };
    }
    return isObject(items) || typeof items === "boolean" ? { items: this.schema(items) } : {};
  }
}

/** How long a schema may be, as JSON, to be written once more. */
const MOST_TWICE = 400;

/** What stands for any name, and fits the named members; nothing when what is stated does. */
function fitting(
  own: PreparedSchema | undefined,
  patterns: readonly PreparedSchema[],
  properties: readonly PreparedSchema[],
): PreparedSchema | undefined {
  const known = new Set([own, ...patterns].map((schema) => JSON.stringify(plain(schema))));
  const others = new Map(properties.map((property) => [JSON.stringify(plain(property)), plain(property)] as const));
  for (const text of known) others.delete(text);
  if (others.size === 0) return undefined;
  if ([...others.keys()].join("").length > MOST_TWICE) return {};
  return { anyOf: [...(own === undefined ? [] : [own]), ...others.values()] };
}

/** A schema without what is said of the member that has it. */
function plain<T extends PreparedSchema | undefined>(schema: T): T | Json {
  return isObject(schema) ? Object.fromEntries(Object.entries(schema).filter(([key]) => !ABOUT_MEMBERS.has(key))) : schema;
}

/** What stands for members of any name. Of a composition not known is which are left for `unevaluatedProperties`. */
function othersOf(schema: Json): unknown {
  const { additionalProperties, unevaluatedProperties } = schema;
  if (additionalProperties !== undefined || !isObject(unevaluatedProperties)) return additionalProperties;
  return COMPOSITIONS.some((keyword) => keyword in schema) ? undefined : unevaluatedProperties;
}

/** Whether a schema allows all that there is, and so its contrary nothing. */
function isAnything(value: unknown): boolean {
  return value === true || (isObject(value) && Object.keys(value).length === 0);
}

function named<T>(name: string, value: T): readonly [string, T] {
  return [guardName(name), value];
}

function entries(value: unknown): [string, unknown][] {
  return Object.entries(object(value));
}
