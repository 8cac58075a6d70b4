/**
 * A document in which every field that anything is made of can hold a text of our choosing: all of them the same one, or one
 * alone, the others being harmless. What each field is called stands beside it, so that a finding names it.
 */

/** Gives the text for a field. */
export type Plant = (field: string) => string;

/** The fields that a plant is asked for, in the order of the document. */
export const FIELDS: readonly string[] = fieldsOf(hostileDocument);

/** The fields of the language of lifecycles: what they may hold is narrow, so lint refuses most of what is planted there. */
export const LIFECYCLE_FIELDS: readonly string[] = FIELDS.filter((field) => /^(?:x-|lifecycle )/.test(field));

/** The text in every field, but in the header of the scheme that has a life: one that cannot be sent has the scheme left out. */
export function everywhere(text: string): Plant {
  return (field) => (field === "scheme header name" ? harmless(field) : text);
}

/** The text in some fields alone; the others are harmless, and each has its own. */
export function onlyIn(fields: readonly string[], text: string): Plant {
  const chosen = new Set(fields);
  return (field) => (chosen.has(field) ? text : harmless(field));
}

/** A harmless text that no other field has. */
export function harmless(field: string): string {
  const words = field.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return words.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join("");
}

function fieldsOf(make: (plant: Plant) => object): string[] {
  const fields = new Set<string>();
  make((field) => {
    fields.add(field);
    return harmless(field);
  });
  return [...fields];
}

/** @param plant is asked for the text of each field, once for each place where the field stands. */
export function hostileDocument(plant: Plant): object {
  const schemaName = plant("schema name");
  const operationId = plant("operationId");
  const path = `/a/${plant("path key")}/{${plant("path parameter name")}}`;
  const schema = {
    type: "object",
    title: plant("schema title"),
    description: plant("schema description"),
    externalDocs: { url: `https://example.com/${plant("schema externalDocs url")}`, description: plant("schema externalDocs") },
    required: [plant("property name"), plant("required name")],
    properties: {
      [plant("property name")]: {
        type: "string",
        title: plant("property title"),
        description: plant("property description"),
        default: plant("property default"),
        example: plant("property example"),
        examples: [plant("property examples")],
        format: plant("format"),
        pattern: plant("pattern"),
        enum: [plant("enum value"), "b"],
        "x-enum-varnames": [plant("x-enum-varnames"), "b"],
        "x-enumNames": [plant("x-enumNames"), "b"],
        "x-enum-descriptions": [plant("x-enum-descriptions"), "b"],
        "x-enumDescriptions": { [plant("x-enumDescriptions key")]: plant("x-enumDescriptions value") },
        "x-ms-enum": { name: plant("x-ms-enum name"), values: [{ value: "b", name: plant("x-ms-enum value name") }] },
      },
      constant: { const: plant("const"), "x-nullable": plant("x-nullable") },
      tagged: { $ref: "#/components/schemas/Tagged" },
      list: {
        type: "array",
        items: { enum: [plant("enum of items")] },
        default: [plant("default in a list")],
        minItems: 1,
      },
      tuple: { prefixItems: [{ const: plant("const in a tuple") }], items: false },
      media: { type: "string", contentMediaType: plant("contentMediaType"), contentEncoding: plant("contentEncoding") },
      referred: {
        $ref: `#/components/schemas/${escapePointer(schemaName)}`,
        description: plant("description beside a reference"),
      },
      dangling: { $ref: `#/components/schemas/${plant("name in a dangling reference")}` },
      deep: { $ref: `#/components/schemas/Tagged/properties/${escapePointer(plant("discriminator property"))}` },
      anchored: { $anchor: plant("anchor"), $comment: plant("comment"), $id: plant("id"), type: plant("type") },
    },
    patternProperties: { [plant("pattern of properties")]: { type: "string", description: plant("description of a pattern") } },
    propertyNames: { pattern: plant("pattern of names") },
    dependentRequired: { [plant("dependent key")]: [plant("dependent value")] },
    dependentSchemas: { [plant("dependent schema")]: { description: plant("description of a dependent schema") } },
    additionalProperties: { type: "string", description: plant("description of additional properties") },
    $defs: { [plant("definition name")]: { const: plant("const of a definition") } },
    example: { [plant("key of an example")]: plant("value of an example") },
    default: { [plant("key of a default")]: plant("value of a default") },
    xml: { name: plant("xml name"), namespace: plant("xml namespace"), prefix: plant("xml prefix") },
    [`x-${plant("name of an extension")}`]: plant("value of an extension"),
  };
  const link = {
    operationId,
    parameters: { [plant("link parameter")]: plant("link value") },
    requestBody: plant("link body"),
    description: plant("link description"),
    server: { url: plant("link server url") },
  };
  const example = {
    summary: plant("example summary"),
    description: plant("example description"),
    value: { [plant("key in an example")]: plant("value in an example") },
  };
  const response = {
    description: plant("response description"),
    summary: plant("response summary"),
    headers: {
      [plant("response header name")]: {
        description: plant("response header description"),
        schema: { type: "string", example: plant("response header example"), enum: [plant("response header enum")] },
      },
    },
    content: {
      [`application/${plant("response media type")}`]: {
        schema: { $ref: "#/components/schemas/Tagged" },
        example: plant("response example"),
        examples: { [plant("response example name")]: example },
      },
    },
    links: { [plant("link name")]: link },
  };
  const body = {
    required: true,
    description: plant("request description"),
    content: {
      [`application/${plant("request media type")}`]: {
        schema,
        example: { [plant("key of a request example")]: plant("value of a request example") },
        examples: { [plant("request example name")]: example },
        encoding: {
          [plant("encoding property")]: {
            contentType: plant("encoding contentType"),
            style: plant("encoding style"),
            headers: { [plant("encoding header")]: { schema: { const: plant("encoding header const") } } },
          },
        },
      },
      "multipart/form-data": { schema: { type: "object", properties: { [plant("part name")]: { type: "string" } } } },
      [plant("whole media type")]: { schema: { type: "string" } },
    },
  };
  const operation = {
    operationId,
    tags: [plant("tag")],
    summary: plant("summary"),
    description: plant("description"),
    externalDocs: { url: `https://example.com/*/${plant("externalDocs url")}`, description: plant("externalDocs description") },
    deprecated: true,
    servers: [{ url: `https://${plant("operation server host")}.example`, description: plant("operation server description") }],
    security: [{ [plant("scheme name")]: [plant("scope of an operation")] }],
    parameters: [
      {
        name: plant("header parameter name"),
        in: "header",
        required: true,
        description: plant("parameter description"),
        example: plant("parameter example"),
        examples: { [plant("parameter example name")]: example },
        schema: { type: "string", default: plant("parameter default"), enum: [plant("parameter enum")] },
      },
      {
        name: plant("query parameter name"),
        in: "query",
        style: plant("parameter style"),
        schema: {
          type: "object",
          properties: { [plant("property of a parameter")]: { const: plant("const of a parameter") } },
        },
      },
      { name: plant("filled parameter name"), in: "query", schema: { type: "string" }, "x-fill": { literal: plant("x-fill") } },
      { name: plant("computed parameter name"), in: "header", schema: {}, "x-fill": textual(plant("x-fill expression")) },
      {
        name: plant("content parameter name"),
        in: "query",
        content: { [`application/${plant("parameter media type")}`]: { schema: { type: "string" } } },
      },
      { name: plant("cookie parameter name"), in: "cookie", schema },
      { name: plant("parameter of nowhere"), in: plant("parameter place"), schema: {} },
    ],
    requestBody: body,
    responses: {
      200: response,
      202: {
        description: plant("202 description"),
        content: { "application/json": { schema: { enum: [plant("202 enum")] } } },
      },
      "4XX": { description: "Refused.", content: { "application/json": { schema: { type: "object" } } } },
      [plant("status key")]: { description: plant("description of a status") },
      default: { $ref: `#/components/responses/${escapePointer(plant("response name"))}` },
    },
    callbacks: {
      [plant("callback name")]: {
        [plant("callback expression")]: {
          post: {
            operationId: `${plant("callback operationId")} `,
            description: plant("callback description"),
            responses: { 200: { description: plant("callback response") } },
          },
        },
      },
    },
    [`x-${plant("name of an operation's extension")}`]: plant("value of an operation's extension"),
  };
  return {
    openapi: "3.2.0",
    $self: `https://example.com/${plant("$self")}`,
    jsonSchemaDialect: plant("jsonSchemaDialect"),
    info: {
      title: plant("info title"),
      version: plant("info version"),
      summary: plant("info summary"),
      description: plant("info description"),
      termsOfService: plant("info termsOfService"),
      contact: { name: plant("contact name"), url: plant("contact url"), email: plant("contact email") },
      license: { name: plant("license name"), url: plant("license url"), identifier: plant("license identifier") },
    },
    externalDocs: { url: `https://example.com/${plant("documentation url")}`, description: plant("documentation description") },
    servers: [
      {
        url: `https://example.com/{host}/${plant("server url")}`,
        name: plant("server name"),
        description: plant("server description"),
        variables: {
          host: {
            default: plant("server variable default"),
            enum: [plant("server variable default"), plant("server variable enum")],
            description: plant("server variable description"),
          },
          [plant("server variable name")]: { default: plant("default of a named variable") },
        },
      },
      { url: plant("whole server url"), "x-server-name": plant("x-server-name"), description: "Another." },
    ],
    tags: [
      {
        name: plant("tag name"),
        summary: plant("tag summary"),
        description: plant("tag description"),
        parent: plant("tag parent"),
        kind: plant("tag kind"),
        externalDocs: { url: `https://example.com/${plant("tag documentation url")}`, description: plant("tag documentation") },
      },
    ],
    security: [{ [plant("scheme name")]: [plant("scope")] }],
    paths: {
      [path]: {
        summary: plant("path summary"),
        description: plant("path description"),
        servers: [{ url: plant("path server url") }],
        parameters: [
          {
            name: plant("path parameter name"),
            in: "path",
            required: true,
            schema: { type: "string" },
            description: plant("path parameter description"),
          },
        ],
        post: operation,
        query: {
          operationId: plant("operationId of a query"),
          summary: plant("summary of a query"),
          parameters: [{ name: plant("querystring name"), in: "querystring", content: { "application/json": { schema } } }],
          responses: {
            200: {
              description: plant("description of a stream"),
              content: {
                "text/event-stream": {
                  itemSchema: { type: "object", properties: { [plant("item property")]: { type: "string" } } },
                },
              },
            },
          },
        },
        additionalOperations: {
          [plant("additional method")]: {
            operationId: plant("operationId of an additional method"),
            description: plant("description of an additional method"),
            responses: { 200: { description: "Done." } },
          },
        },
      },
      "/unnamed": { get: { summary: plant("summary without a name"), responses: { 200: { description: "Done." } } } },
      [`/${plant("path without a name")}`]: { get: { responses: { 200: { description: "Done." } } } },
    },
    webhooks: {
      [plant("webhook name")]: {
        post: {
          operationId: plant("webhook operationId"),
          summary: plant("webhook summary"),
          requestBody: body,
          responses: {},
        },
      },
    },
    components: {
      schemas: {
        [schemaName]: schema,
        Tagged: {
          oneOf: [{ $ref: "#/components/schemas/A" }, { $ref: "#/components/schemas/B" }],
          properties: { [plant("discriminator property")]: { type: "string" } },
          discriminator: {
            propertyName: plant("discriminator property"),
            mapping: {
              [plant("mapping key")]: "#/components/schemas/A",
              other: plant("mapping value"),
              [`${plant("second mapping key")}b`]: "B",
            },
            defaultMapping: plant("default mapping"),
          },
        },
        A: { type: "object", properties: { [plant("discriminator property")]: { type: "string" } } },
        B: { type: "object", properties: { [plant("property of B")]: { type: "string" } } },
        [`${plant("schema of an enum")}Enum`]: {
          enum: [plant("value of an enum"), 1, null, { a: plant("object in an enum") }],
        },
      },
      responses: {
        [plant("response name")]: {
          description: plant("description of a component"),
          content: { "application/json": { schema } },
        },
      },
      parameters: { [plant("parameter component name")]: { name: plant("name in a component"), in: "query", schema: {} } },
      requestBodies: { [plant("request component name")]: body },
      headers: { [plant("header component name")]: { schema: { type: "string" }, description: plant("header description") } },
      examples: { [plant("example component name")]: example },
      links: { [plant("link component name")]: link },
      callbacks: { [plant("callback component name")]: { [plant("expression of a callback")]: { post: { responses: {} } } } },
      pathItems: { [plant("path item name")]: { get: { operationId: plant("path item operationId"), responses: {} } } },
      mediaTypes: { [plant("media type component")]: { schema: { const: plant("const of a media type") } } },
      securitySchemes: {
        [plant("scheme name")]: {
          type: "apiKey",
          in: "header",
          name: plant("scheme header name"),
          description: plant("scheme description"),
          "x-token-lifecycle": hostileLifecycle(plant, operationId),
        },
        [`${plant("oauth scheme name")}2`]: {
          type: "oauth2",
          description: plant("oauth description"),
          oauth2MetadataUrl: plant("oauth metadata url"),
          flows: {
            clientCredentials: {
              tokenUrl: `https://example.com/${plant("token url")}`,
              refreshUrl: plant("refresh url"),
              scopes: { [plant("scope name")]: plant("scope description") },
            },
            deviceAuthorization: {
              deviceAuthorizationUrl: plant("device url"),
              tokenUrl: plant("device token url"),
              scopes: {},
            },
          },
        },
        [`${plant("bearer scheme name")}3`]: {
          type: "http",
          scheme: "bearer",
          bearerFormat: plant("bearer format"),
          description: plant("bearer description"),
        },
        [`${plant("key scheme name")}4`]: { type: "apiKey", in: "query", name: plant("key query name") },
        [`${plant("openid scheme name")}5`]: { type: "openIdConnect", openIdConnectUrl: plant("openid url") },
      },
    },
    [`x-${plant("name of a root extension")}`]: { [plant("key in a root extension")]: plant("value in a root extension") },
  };
}

/** Every string that a lifecycle may hold. */
function hostileLifecycle(plant: Plant, operationId: string): object {
  const call = (role: string) => ({
    operationId,
    parameters: [
      { in: "query", name: plant(`lifecycle ${role} parameter`), value: { literal: plant(`lifecycle ${role} value`) } },
    ],
    requestBody: {
      contentType: plant(`lifecycle ${role} content type`),
      payload: {
        [plant(`lifecycle ${role} payload key`)]: { literal: plant(`lifecycle ${role} payload`) },
        list: [textual(plant(`lifecycle ${role} payload text`))],
        claim: { jwtClaim: { token: "$inputs.secret", claim: textual(plant(`lifecycle ${role} claim`)) } },
      },
    },
    outputs: {
      accessToken: "$response.body#/token",
      [plant(`lifecycle ${role} output`)]: { literal: plant(`lifecycle ${role} output value`) },
    },
    let: { [plant(`lifecycle ${role} let`)]: { literal: plant(`lifecycle ${role} let value`) } },
    scope: textual(plant(`lifecycle ${role} scope`)),
    onFailure: { challenge: "$statusCode == 202", "credentials-rejected": comparison(plant(`lifecycle ${role} condition`)) },
  });
  return {
    inputs: {
      type: "object",
      required: [plant("lifecycle input name"), plant("lifecycle required input")],
      properties: {
        [plant("lifecycle input name")]: {
          type: "string",
          description: plant("lifecycle input description"),
          enum: [plant("lifecycle input enum"), "other"],
          default: plant("lifecycle input default"),
        },
        constant: { const: plant("lifecycle input const") },
        secret: { type: "string", format: "password", description: plant("lifecycle secret description") },
      },
    },
    key: [{ literal: plant("lifecycle key") }],
    apply: [
      {
        in: "header",
        name: plant("lifecycle apply name"),
        value: { concat: ["$outputs.accessToken", textual(plant("lifecycle apply"))] },
      },
    ],
    let: { [plant("lifecycle let name")]: { literal: plant("lifecycle let value") } },
    initial: { [plant("lifecycle initial output")]: "$inputs.secret" },
    obtain: { steps: [{ stepId: plant("lifecycle step"), ...call("first step") }, call("second step")] },
    refresh: call("refresh"),
    recover: call("recover"),
    revoke: { ...call("revoke"), ends: ["accessToken", plant("lifecycle ends")] },
    expires: {
      [plant("lifecycle expiring output")]: [{ in: "$response.body#/x", never: plant("lifecycle never") }],
      accessToken: { after: "PT1H" },
    },
    refreshToken: { rotation: "always", remainingUses: "$outputs.uses" },
    rejected: {
      token: comparison(plant("lifecycle rejected token")),
      credentials: comparison(plant("lifecycle rejected credentials")),
    },
  };
}

/** A text of the language: it may hold no expression of its own, which would have to be a right one. */
function textual(text: string): string {
  return `x${text.replaceAll("{", "(")}`;
}

/** A condition with a text between its quotes. */
function comparison(text: string): string {
  return `$response.body#/reason == '${text.slice(0, 1_000).replaceAll("'", "''")}'`;
}

function escapePointer(name: string): string {
  return encodeURIComponent(wellFormed(name).replaceAll("~", "~0").replaceAll("/", "~1"));
}

/** `encodeURIComponent` takes no half of a character. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/g, (unit, index: number) => {
    const code = unit.charCodeAt(0);
    const isPaired =
      code < 0xdc00 ? /[\udc00-\udfff]/.test(text.charAt(index + 1)) : /[\ud800-\udbff]/.test(text.charAt(index - 1));
    return isPaired ? unit : "\ufffd";
  });
}
