/**
 * What openapi-typescript is shown of a document: a copy that holds nothing but what it makes types of, each part of the kind
 * that belongs in its place. Public documents have references to nothing, references deep into other schemas, lists where
 * maps belong and keywords of other standards; the copy has none of them, so that the types it leads to always compile.
 */

import { FILL } from "../../../src/lifecycle/definition.js";
import { at } from "../../../src/lifecycle/expression.js";
import { HTTP_METHODS } from "../../../src/lifecycle/operations.js";
import type { Document } from "../../spec/document.js";
import { isObject, type Json, list, localTarget, object, tokensOf } from "../../spec/pointer.js";
import { componentReference, guardName } from "./guarded.js";
import { discriminator, examples, flags, simpleKeywords, texts } from "./keywords.js";

/** A schema of the copy: `true`, `false`, a reference to a component, or keywords that openapi-typescript reads. */
export type PreparedSchema = boolean | Readonly<Record<string, unknown>>;

export interface Prepared {
  readonly openapi: string;
  readonly paths: Json;
  readonly webhooks: Json;
  readonly components: Readonly<Record<ComponentKind, Json>>;
}

type ComponentKind = keyof Preparation["kinds"];

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
    pathItems: (value: unknown) => this.pathItem(value, ""),
  };

  /** Schemas that a reference reaches at a place of their own: each becomes a component named by its pointer. */
  private readonly reached = new Map<string, PreparedSchema>();
  private readonly document: Document;
  private readonly components: Json;
  private readonly lastOf: ReadonlyMap<string, string>;

  constructor(document: Document) {
    this.document = document;
    this.components = object(at(document.root, "/components"));
    this.lastOf = lastPlaces(document);
  }

  run(): Prepared {
    const root = object(this.document.root);
    const paths = entries(root["paths"]).flatMap(([path, item]) => {
      const pathItem = this.document.dereference(item);
      return !path.startsWith("x-") && isObject(pathItem) ? [named(path, this.pathItem(pathItem, path))] : [];
    });
    const webhooks = entries(root["webhooks"]).map(([name, item]) =>
      named(name, this.pathItem(this.document.dereference(item), "")),
    );
    const components = Object.fromEntries(
      Object.entries(this.kinds).map(([kind, prepareOne]) => [
        kind,
        Object.fromEntries(this.componentsOf(kind as ComponentKind).map(([name, value]) => named(name, prepareOne(value)))),
      ]),
    ) as Record<ComponentKind, Json>;
    const schemas = {
      ...components.schemas,
      ...Object.fromEntries([...this.reached].map(([name, schema]) => named(name, schema))),
    };
    return {
      openapi: "3.1.0",
      paths: Object.fromEntries(paths),
      webhooks: Object.fromEntries(webhooks),
      components: { ...components, schemas },
    };
  }

  /** A schema may stand for another; for a component of any other kind that does, the other one is taken. */
  private componentsOf(kind: ComponentKind): [string, unknown][] {
    const stated = entries(this.components[kind]);
    return kind === "schemas" ? stated : stated.map(([name, value]) => [name, this.document.dereference(value)]);
  }

  private pathItem(value: unknown, path: string): Json {
    const stated = object(value);
    const operations = HTTP_METHODS.flatMap((method) => {
      const operation = stated[method];
      return isObject(operation) ? [[method, this.operation(operation, `${method} ${path}`)] as const] : [];
    });
    const parameters = this.parameters(stated["parameters"]);
    return { ...(parameters.length > 0 && { parameters }), ...Object.fromEntries(operations) };
  }

  private operation(stated: Json, place: string): Json {
    const { operationId } = stated;
    const isNamed = typeof operationId === "string" && operationId !== "" && this.lastOf.get(operationId) === place;
    const body = this.component("requestBodies", stated["requestBody"]);
    const responses = entries(stated["responses"]).flatMap(([status, response]) => {
      const prepared = /^(?:[1-5](?:\d\d|xx)|default)$/i.test(status) && this.component("responses", response);
      return prepared ? [[status === "default" ? status : status.toUpperCase(), prepared] as const] : [];
    });
    return {
      ...texts(stated, "summary", "description"),
      ...flags(stated, "deprecated"),
      ...(isNamed && { operationId: guardName(operationId) }),
      parameters: this.parameters(stated["parameters"]),
      ...(body && { requestBody: body }),
      responses: Object.fromEntries(responses),
    };
  }

  /** Each place and name once, the last one counting. */
  private parameters(value: unknown): Json[] {
    const byPlace = new Map<string, Json>();
    for (const stated of list(value)) {
      const { in: place, name } = object(this.document.dereference(stated));
      if (typeof name !== "string" || !["path", "query", "header", "cookie"].includes(String(place))) continue;
      const parameter = this.component("parameters", stated);
      if (parameter) byPlace.set(`${place} ${name}`, parameter);
    }
    return [...byPlace.values()];
  }

  /** A filled parameter is not demanded; where it stands in the path, openapi-typescript demands it all the same. */
  private parameter(stated: Json): Json {
    const schema = this.schemaOrContent(stated);
    return {
      ...texts(stated, "description"),
      ...flags(stated, "deprecated"),
      in: stated["in"],
      name: guardName(String(stated["name"])),
      required: stated["required"] === true && !(FILL in stated),
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
    const [media] = Object.values(object(stated["content"]));
    const schema = object(media)["schema"];
    return schema === undefined ? undefined : this.schema(schema);
  }

  private requestBody(value: unknown): Json {
    const stated = object(value);
    return {
      ...texts(stated, "description"),
      ...flags(stated, "required"),
      content: this.content(stated["content"]),
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

  private content(value: unknown): Json {
    return Object.fromEntries(
      entries(value)
        .filter(([mediaType]) => mediaType.includes("/"))
        .map(([mediaType, stated]) => {
          const media = object(this.document.dereference(stated));
          const schema = media["schema"] === undefined ? {} : { schema: this.schema(media["schema"]) };
          return named(mediaType, { ...schema, ...examples(media) });
        }),
    );
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

  private schema(value: unknown): PreparedSchema {
    if (typeof value === "boolean") return value;
    if (!isObject(value)) return {};
    if (typeof value["$ref"] === "string") return this.schemaReference(value["$ref"], value);
    return {
      ...simpleKeywords(value),
      ...this.composition(value),
      ...this.objectKeywords(value),
      ...this.arrayKeywords(value),
      ...discriminator(value["discriminator"], (reference) => this.componentName("schemas", reference)),
    };
  }

  /** What stands beside a reference does not shape the type, but says something about it. */
  private schemaReference(reference: string, stated: Json): PreparedSchema {
    const beside = { ...texts(stated, "title", "description"), ...flags(stated, "readOnly", "writeOnly", "deprecated") };
    const name = this.componentName("schemas", reference);
    if (name !== undefined) return { $ref: componentReference("schemas", name), ...beside };
    const pointer = localTarget(reference) ?? "";
    const target = at(this.document.root, pointer);
    if (pointer === "" || !(isObject(target) || typeof target === "boolean")) return beside;
    return { $ref: componentReference("schemas", this.reach(pointer, target)), ...beside };
  }

  private reach(pointer: string, target: unknown): string {
    const name = pointer.replace(/^\/components\/schemas\//, "").replace(/^\//, "");
    if (!this.reached.has(name)) {
      // Noted before it is prepared, so that a schema that reaches itself comes to an end.
      this.reached.set(name, {});
      this.reached.set(name, this.schema(target));
    }
    return name;
  }

  private composition(value: Json): Json {
    return Object.fromEntries(
      (["allOf", "anyOf", "oneOf"] as const).flatMap((keyword) => {
        // `true` allows everything and `false` nothing: as an object, which is what openapi-typescript expects here.
        const parts = list(value[keyword])
          .map((part) => this.schema(part))
          .map((part) => (typeof part === "boolean" ? (part ? {} : { enum: [] }) : part));
        return parts.length > 0 ? [[keyword, parts]] : [];
      }),
    );
  }

  private objectKeywords(value: Json): Json {
    const properties = entries(value["properties"]).map(([name, property]) => named(name, this.schema(property)));
    const patterns = entries(value["patternProperties"]).map(([pattern, property]) => named(pattern, this.schema(property)));
    const required = list(value["required"])
      .filter((name) => typeof name === "string")
      .map(guardName);
    const additional = value["additionalProperties"];
    return {
      ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
      ...(patterns.length > 0 && { patternProperties: Object.fromEntries(patterns) }),
      ...(required.length > 0 && { required: [...new Set(required)] }),
      ...((typeof additional === "boolean" || isObject(additional)) && { additionalProperties: this.schema(additional) }),
    };
  }

  private arrayKeywords(value: Json): Json {
    const { items, prefixItems } = value;
    const positions = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
    if (positions.length > 0) return { prefixItems: positions.map((item) => this.schema(item)) };
    return isObject(items) || typeof items === "boolean" ? { items: this.schema(items) } : {};
  }
}

/** Where each operationId stands for the last time: there it counts, as it does for the client. */
function lastPlaces(document: Document): ReadonlyMap<string, string> {
  return new Map(
    entries(object(document.root)["paths"]).flatMap(([path, item]) => {
      const pathItem = object(document.dereference(item));
      return HTTP_METHODS.flatMap((method): [string, string][] => {
        const { operationId } = object(pathItem[method]);
        return typeof operationId === "string" ? [[operationId, `${method} ${path}`]] : [];
      });
    }),
  );
}

function named<T>(name: string, value: T): readonly [string, T] {
  return [guardName(name), value];
}

function entries(value: unknown): [string, unknown][] {
  return Object.entries(object(value));
}
