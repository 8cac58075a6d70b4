/** Swagger's parameters `in: body` and `in: formData`, as OpenAPI 3 describes them: by a request body. */

import { isObject, type Json } from "../spec/pointer.js";
import { split } from "./bare-schema.js";
import type { Structure } from "./structure.js";
import type { Trail } from "./trail.js";

/** The parameters themselves are left out, and told, where parameters are mended. */
export function mendBodyParameters(operation: Json, _trail: Trail | undefined, structure: Structure): Json {
  const { parameters, requestBody } = operation;
  if (!Array.isArray(parameters) || requestBody !== undefined) return operation;
  const stated = parameters.map((parameter) => structure.follow(parameter));
  const body = stated.find((parameter) => parameter?.["in"] === "body");
  if (body !== undefined) return { ...operation, requestBody: bodyOf(body) };
  const fields = stated.filter((parameter) => parameter?.["in"] === "formData");
  return fields.length === 0 ? operation : { ...operation, requestBody: formOf(fields.filter(isObject)) };
}

/** Whether a parameter is described by the request body instead. */
export function isBodyParameter({ in: place }: Json): boolean {
  return place === "body" || place === "formData";
}

function bodyOf({ schema, description, required }: Json): Json {
  return {
    ...(description !== undefined && { description }),
    ...(required !== undefined && { required }),
    content: { "application/json": { schema: schema ?? {} } },
  };
}

function formOf(fields: readonly Json[]): Json {
  const properties = Object.fromEntries(
    fields.map((field) => [String(field["name"]), field["schema"] ?? split(field).schema ?? {}]),
  );
  const required = fields.filter((field) => field["required"] === true).map(({ name }) => String(name));
  return { content: { "multipart/form-data": { schema: { type: "object", required, properties } } } };
}
