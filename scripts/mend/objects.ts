/** What is mended of the objects of each kind beyond the kinds of their members. */

import type { Json } from "../spec/pointer.js";
import { isWhole, versionMeant } from "../spec/version.js";
import { mendAlternatives } from "./alternatives.js";
import { mendBareContent, mendBareSchema } from "./bare-schema.js";
import { isBodyParameter, mendBodyParameters } from "./body-parameter.js";
import { mendContent } from "./media-type.js";
import { mendMethods } from "./method.js";
import { mendParameter } from "./parameter.js";
import { mendStatuses } from "./response-status.js";
import { mendResponses } from "./responses.js";
import { mendDiscriminator, mendSchema, schemaOf } from "./schema.js";
import { mendRequirements } from "./security-requirement.js";
import { mendSecurityScheme } from "./security-scheme.js";
import { mendServer } from "./server.js";
import type { ObjectName } from "./shapes.js";
import type { Structure } from "./structure.js";
import type { Trail } from "./trail.js";

export interface ObjectMending {
  /** What the object is taken for before its members are looked at. */
  readonly before?: (stated: Json, trail: Trail | undefined, structure: Structure) => Json;
  /** What it becomes when each of its members is of its kind; `undefined` leaves it out, which is told. */
  readonly after?: (value: Json, trail: Trail | undefined, structure: Structure) => Json | undefined;
  /** What a value means that is no object. */
  readonly otherwise?: (value: unknown, trail: Trail | undefined, structure: Structure) => Json | undefined;
  /** What stands for an object that a reference to a schema leads to. */
  readonly ofSchema?: (reference: Json) => Json;
  /** What stands for one that cannot be found. Without it, it is left out. */
  readonly unknown?: Json;
}

const inText =
  (name: string) =>
  (value: unknown): Json | undefined =>
    typeof value === "string" && value !== "" ? { [name]: value } : undefined;

/** Nothing at all where an object is described by the members that it has: one without any. */
const emptied = (value: unknown): Json | undefined => (value === null ? {} : undefined);

const asJson = (schema: Json): Json => ({ content: { "application/json": { schema } } });

/** The version with its three parts, as other tools ask for them; that it lacks some is told when it is read. */
function withWholeVersion(document: Json): Json {
  const version = document["openapi"];
  return isWhole(version) ? document : { ...document, openapi: versionMeant(version) ?? version };
}

export const OBJECT_MENDINGS: Readonly<Partial<Record<ObjectName, ObjectMending>>> = {
  document: { before: (value, trail, structure) => mendRequirements(withWholeVersion(value), trail, structure) },
  contact: { otherwise: inText("name") },
  license: { otherwise: inText("name") },
  externalDocs: { otherwise: inText("url") },
  tag: { otherwise: inText("name") },
  server: { otherwise: inText("url"), after: mendServer },
  pathItem: { after: mendMethods },
  operation: {
    before: (stated, trail, structure) => {
      const told = mendResponses(mendRequirements(stated, trail, structure), trail, structure);
      return mendBodyParameters(told, trail, structure);
    },
    after: mendStatuses,
    otherwise: emptied,
  },
  parameter: {
    before: (stated, trail, structure) =>
      // Of one that is left out nothing but that is told.
      isBodyParameter(stated) ? { in: stated["in"] } : mendBareSchema(stated, trail, structure),
    after: mendParameter,
  },
  header: { before: mendBareSchema, after: mendContent, ofSchema: (schema) => ({ schema }), unknown: {} },
  requestBody: {
    before: mendBareContent,
    after: mendContent,
    ofSchema: asJson,
    unknown: { content: { "application/json": {} } },
  },
  response: {
    otherwise: (value) => inText("description")(value) ?? emptied(value),
    before: mendBareContent,
    after: mendContent,
    ofSchema: (schema) => ({ description: "", ...asJson(schema) }),
    unknown: { description: "", content: { "*/*": {} } },
  },
  mediaType: { otherwise: emptied, before: mendBareSchema, ofSchema: (schema) => ({ schema }), unknown: {} },
  example: { otherwise: (value) => (value === null ? undefined : { value }) },
  securityScheme: { after: mendSecurityScheme },
  schema: { before: mendSchema, after: mendAlternatives, otherwise: schemaOf, unknown: {} },
  discriminator: { otherwise: inText("propertyName"), after: mendDiscriminator },
};
