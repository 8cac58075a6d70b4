/** The API that is called: small JSON, with and without a body, under a token of the client's own (RFC 6749, section 4.4). */

const json = (schema) => ({ "application/json": { schema } });
const thing = { $ref: "#/components/schemas/Thing" };
const id = { name: "id", in: "path", required: true, schema: { type: "string" } };

export const document = {
  openapi: "3.1.0",
  info: { title: "Things", version: "1" },
  servers: [{ url: "https://api.example" }],
  security: [{ service: [] }],
  paths: {
    "/token": {
      post: {
        operationId: "getToken",
        security: [],
        requestBody: { required: true, content: { "application/x-www-form-urlencoded": { schema: { type: "object" } } } },
        responses: { 200: { description: "A token.", content: json({ type: "object" }) } },
      },
    },
    "/things/{id}": {
      get: {
        operationId: "getThing",
        parameters: [id, { name: "detail", in: "query", schema: { type: "string" } }],
        responses: { 200: { description: "The thing.", content: json(thing) } },
      },
      delete: { operationId: "deleteThing", parameters: [id], responses: { 204: { description: "Gone." } } },
    },
    "/things": {
      post: {
        operationId: "createThing",
        requestBody: { required: true, content: json(thing) },
        responses: { 200: { description: "The thing.", content: json(thing) } },
      },
    },
  },
  components: {
    schemas: {
      Thing: {
        type: "object",
        required: ["id", "name"],
        properties: {
          id: { type: "string" },
          name: { type: "string" },
          amount: { type: "number" },
          tags: { type: "array", items: { type: "string" } },
        },
      },
    },
    securitySchemes: {
      service: {
        type: "oauth2",
        flows: { clientCredentials: { tokenUrl: "/token", scopes: {} } },
        "x-token-lifecycle": {
          clientAuthentication: "client_secret_post",
          obtain: { operationId: "getToken", grantType: "client_credentials" },
          rejected: { token: "$statusCode == 401" },
        },
      },
    },
  },
};
