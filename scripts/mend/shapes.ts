/**
 * What stands where in an OpenAPI document: every object of OpenAPI 3.0, 3.1 and 3.2 with its members. A member that only
 * another version has is taken for what it says; nobody is helped by its being left out.
 *
 * @see https://spec.openapis.org/oas/v3.2.0
 */

/** The objects whose members OpenAPI names. */
export type ObjectName =
  | "document"
  | "info"
  | "contact"
  | "license"
  | "server"
  | "serverVariable"
  | "components"
  | "pathItem"
  | "operation"
  | "externalDocs"
  | "parameter"
  | "requestBody"
  | "mediaType"
  | "encoding"
  | "response"
  | "header"
  | "example"
  | "link"
  | "tag"
  | "securityScheme"
  | "flows"
  | "flow"
  | "schema"
  | "discriminator";

export type Shape =
  | { readonly kind: "text" | "boolean" | "data" }
  | { readonly kind: "list"; readonly of: Shape }
  /** `extensible`: its members are not names of the author's, and those that begin with `x-` are extensions. */
  | { readonly kind: "map"; readonly of: Shape; readonly extensible: boolean }
  /** `mayRefer`: a reference to another object of the kind may stand in its place. */
  | { readonly kind: "object"; readonly name: ObjectName; readonly mayRefer: boolean };

/** The members of an object; whatever is not among them has no meaning to OpenAPI. */
export type Members = Readonly<Record<string, Shape>>;

const TEXT: Shape = { kind: "text" };
const BOOLEAN: Shape = { kind: "boolean" };
const DATA: Shape = { kind: "data" };

function list(of: Shape): Shape {
  return { kind: "list", of };
}

function map(of: Shape): Shape {
  return { kind: "map", of, extensible: false };
}

function extensible(of: Shape): Shape {
  return { kind: "map", of, extensible: true };
}

function object(name: ObjectName): Shape {
  return { kind: "object", name, mayRefer: false };
}

function reference(name: ObjectName): Shape {
  return { kind: "object", name, mayRefer: true };
}

/** The map of components that holds the objects of a kind. */
export const COMPONENTS: Readonly<Partial<Record<ObjectName, string>>> = {
  schema: "schemas",
  response: "responses",
  parameter: "parameters",
  example: "examples",
  requestBody: "requestBodies",
  header: "headers",
  securityScheme: "securitySchemes",
  link: "links",
  pathItem: "pathItems",
  mediaType: "mediaTypes",
};

/** The paths of a callback, each an expression. */
const CALLBACK = extensible(object("pathItem"));
const SECURITY = list(map(list(TEXT)));
const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

const CONTENT: Members = {
  schema: object("schema"),
  example: DATA,
  examples: map(reference("example")),
};

const SERIALIZATION: Members = { style: TEXT, explode: BOOLEAN, allowReserved: BOOLEAN };

const ENCODINGS: Members = {
  encoding: map(object("encoding")),
  prefixEncoding: list(object("encoding")),
  itemEncoding: object("encoding"),
};

const HEADER: Members = {
  description: TEXT,
  required: BOOLEAN,
  deprecated: BOOLEAN,
  allowEmptyValue: BOOLEAN,
  ...SERIALIZATION,
  ...CONTENT,
  content: map(reference("mediaType")),
};

export const OBJECTS: Readonly<Record<ObjectName, Members>> = {
  document: {
    openapi: TEXT,
    $self: TEXT,
    jsonSchemaDialect: TEXT,
    info: object("info"),
    servers: list(object("server")),
    paths: extensible(object("pathItem")),
    webhooks: map(object("pathItem")),
    components: object("components"),
    security: SECURITY,
    tags: list(object("tag")),
    externalDocs: object("externalDocs"),
  },
  info: {
    title: TEXT,
    summary: TEXT,
    description: TEXT,
    termsOfService: TEXT,
    contact: object("contact"),
    license: object("license"),
    version: TEXT,
  },
  contact: { name: TEXT, url: TEXT, email: TEXT },
  license: { name: TEXT, identifier: TEXT, url: TEXT },
  server: { url: TEXT, description: TEXT, name: TEXT, variables: map(object("serverVariable")) },
  serverVariable: { enum: list(TEXT), default: TEXT, description: TEXT },
  components: {
    schemas: map(object("schema")),
    responses: map(reference("response")),
    parameters: map(reference("parameter")),
    examples: map(reference("example")),
    requestBodies: map(reference("requestBody")),
    headers: map(reference("header")),
    securitySchemes: map(reference("securityScheme")),
    links: map(reference("link")),
    callbacks: map(CALLBACK),
    pathItems: map(object("pathItem")),
    mediaTypes: map(reference("mediaType")),
  },
  pathItem: {
    $ref: TEXT,
    summary: TEXT,
    description: TEXT,
    ...Object.fromEntries(METHODS.map((method) => [method, object("operation")])),
    additionalOperations: map(object("operation")),
    servers: list(object("server")),
    parameters: list(reference("parameter")),
  },
  operation: {
    tags: list(TEXT),
    summary: TEXT,
    description: TEXT,
    externalDocs: object("externalDocs"),
    operationId: TEXT,
    parameters: list(reference("parameter")),
    requestBody: reference("requestBody"),
    responses: extensible(reference("response")),
    callbacks: map(CALLBACK),
    deprecated: BOOLEAN,
    security: SECURITY,
    servers: list(object("server")),
  },
  externalDocs: { description: TEXT, url: TEXT },
  parameter: { name: TEXT, in: TEXT, ...HEADER },
  requestBody: { description: TEXT, content: map(reference("mediaType")), required: BOOLEAN },
  mediaType: { ...CONTENT, itemSchema: object("schema"), ...ENCODINGS },
  encoding: { contentType: TEXT, headers: map(reference("header")), ...SERIALIZATION, ...ENCODINGS },
  response: {
    summary: TEXT,
    description: TEXT,
    headers: map(reference("header")),
    content: map(reference("mediaType")),
    links: map(reference("link")),
  },
  header: HEADER,
  example: {
    summary: TEXT,
    description: TEXT,
    value: DATA,
    externalValue: TEXT,
    dataValue: DATA,
    serializedValue: TEXT,
  },
  link: {
    operationRef: TEXT,
    operationId: TEXT,
    parameters: DATA,
    requestBody: DATA,
    description: TEXT,
    server: object("server"),
  },
  tag: { name: TEXT, summary: TEXT, description: TEXT, externalDocs: object("externalDocs"), parent: TEXT, kind: TEXT },
  securityScheme: {
    type: TEXT,
    description: TEXT,
    name: TEXT,
    in: TEXT,
    scheme: TEXT,
    bearerFormat: TEXT,
    flows: object("flows"),
    openIdConnectUrl: TEXT,
    oauth2MetadataUrl: TEXT,
    deprecated: BOOLEAN,
  },
  flows: Object.fromEntries(
    ["implicit", "password", "clientCredentials", "authorizationCode", "deviceAuthorization"].map((flow) => [
      flow,
      object("flow"),
    ]),
  ),
  flow: {
    authorizationUrl: TEXT,
    deviceAuthorizationUrl: TEXT,
    tokenUrl: TEXT,
    refreshUrl: TEXT,
    scopes: extensible(TEXT),
  },
  schema: {
    ...Object.fromEntries(
      ["title", "description", "format", "pattern", "contentEncoding", "contentMediaType"].map((name) => [name, TEXT]),
    ),
    ...Object.fromEntries(["nullable", "readOnly", "writeOnly", "deprecated"].map((name) => [name, BOOLEAN])),
    ...Object.fromEntries(["allOf", "anyOf", "oneOf", "prefixItems"].map((name) => [name, list(object("schema"))])),
    ...Object.fromEntries(["not", "if", "then", "else", "items", "contains"].map((name) => [name, object("schema")])),
    ...Object.fromEntries(
      ["additionalProperties", "unevaluatedProperties", "unevaluatedItems", "propertyNames"].map((name) => [
        name,
        object("schema"),
      ]),
    ),
    ...Object.fromEntries(
      ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"].map((name) => [
        name,
        map(object("schema")),
      ]),
    ),
    required: list(TEXT),
    enum: list(DATA),
    discriminator: object("discriminator"),
  },
  discriminator: { propertyName: TEXT, mapping: map(TEXT), defaultMapping: TEXT },
};
