import { describe } from "vitest";
import { api, testRule } from "./support.js";

/** A lifecycle that obtains its token with this payload from an operation whose body has this schema. */
function sending(payload: string, schema: string, more = "", mediaType = "application/json"): string {
  return api({
    lifecycle: `obtain: {operationId: send${more}, requestBody: {payload: ${payload}}}`,
    paths: `/send: {post: {operationId: send, security: [], requestBody: {content: {${mediaType}: {schema: ${schema}}}}, responses: {}}}`,
  });
}

const GRANTS = `
/token:
  post:
    operationId: token
    security: []
    responses: {}
    requestBody:
      content:
        application/x-www-form-urlencoded:
          schema:
            type: object
            oneOf: [{$ref: "#/components/schemas/Client"}, {$ref: "#/components/schemas/Refresh"}]
            discriminator: {propertyName: grant_type, mapping: {client_credentials: "#/components/schemas/Client", refresh_token: "#/components/schemas/Refresh"}}`;

const GRANT_SCHEMAS = `
    Client: {required: [grant_type, client_id, client_secret], properties: {grant_type: {const: client_credentials}, client_id: {type: string}, client_secret: {type: string}}}
    Refresh: {required: [grant_type, refresh_token], properties: {grant_type: {enum: [refresh_token]}, refresh_token: {type: string}, ttl: {type: integer, enum: [5, 10]}}}
  securitySchemes:`;

function granting(lifecycle: string): string {
  return api({ scheme: "type: oauth2\nflows: {}", lifecycle, paths: GRANTS }).replace(/\n {2}securitySchemes:/, GRANT_SCHEMAS);
}

describe("lifecycle-payload", () => {
  testRule("lifecycle-payload", "error", [
    { name: "accepts a payload that fits", given: api(), want: [] },
    {
      name: "reports members that the body has not, and required ones that are missing",
      given: api({ lifecycle: "obtain: {operationId: login, requestBody: {«payload»: {email: x, «pasword»: x}}}" }),
      want: ['the body of login requires "password"', 'the body of login has no "pasword" → did you mean "password"?'],
    },
    {
      name: "reports a required member that may be left out",
      given: api({
        lifecycle: "obtain: {operationId: login, requestBody: {payload: {email: x, «password»: {optional: $inputs.password}}}}",
      }),
      want: ['the body of login requires "password", so that it is not optional'],
    },
    {
      name: "reports values that do not fit, and leaves those alone that are computed",
      given: api({
        lifecycle:
          "obtain: {operationId: login, requestBody: {payload: {email: «5», password: $inputs.password, remember: «{uuid: v4}», kind: {first: [$inputs.kind, «apps»]}}}}",
      }),
      want: [
        "this is integer, but the schema wants string",
        "this is string, but the schema wants boolean",
        '"apps" is not one of the values in the schema → did you mean "app"?',
      ],
    },
    {
      name: "looks into lists and maps, and through combinations",
      given: sending(
        "{list: [a, «5»], map: {deep: {known: x, «unknown»: x}}, any: {x: 1}, «more»: 1}",
        "{allOf: [{properties: {list: {type: array, items: {type: string}}}}, {properties: {map: {properties: {deep: {properties: {known: {}}}}}, any: {type: object}}}]}",
      ),
      want: [
        "this is integer, but the schema wants string",
        'the body of send has no "unknown" → did you mean "known"?',
        'the body of send has no "more" → there are "list", "map", "any"',
      ],
    },
    {
      name: "accepts what one of several alternatives allows, and measures against the nearest",
      given: sending(
        "{b: x, «e»: x}",
        "{oneOf: [{required: [a], properties: {a: {}}}, {required: [b], properties: {b: {}, c: {}}}, {required: [b, d], properties: {b: {}, d: {}}}]}",
      ),
      want: ['the body of send has no "e" → there are "b", "c"'],
    },
    {
      name: "accepts members of the service's own making to be missing, and a schema that is open",
      given: sending("{a: x}", "{required: [id, a], properties: {id: {readOnly: true}, a: {}}}"),
      want: [],
    },
    {
      name: "spells numbers as text where the body is a form",
      given: sending(
        "{n: '5', b: 'true', s: 5, x: «abc»}",
        "{properties: {n: {type: integer}, b: {type: boolean}, s: {type: string}, x: {type: number}}}",
        "",
        "application/x-www-form-urlencoded",
      ),
      want: ["this is string, but the schema wants number"],
    },
    {
      name: "reports a body that is missing, too much, or of another media type",
      given: api({
        lifecycle: `
«obtain»: {operationId: login}
refresh: {operationId: probe, requestBody: {«payload»: {}}}
recover: {operationId: login, requestBody: {contentType: «text/plain», payload: x}}`,
        paths: "/probe: {get: {operationId: probe, security: [], responses: {}}}",
      }),
      want: [
        "login requires a request body → give it under requestBody, as its payload",
        "probe has no request body → describe it under its requestBody",
        'login does not take text/plain → there is "application/json"',
      ],
    },
    {
      name: "counts in what RFC 6749 sends by default",
      given: granting(
        "clientAuthentication: client_secret_post\nobtain: {operationId: token, grantType: client_credentials}\nrefresh: {operationId: token, grantType: refresh_token, clientAuthentication: client_secret_basic}",
      ),
      want: [],
    },
    {
      name: "measures against the alternative that the discriminator names",
      given: granting(
        "«obtain»: {operationId: token, grantType: client_credentials}\nrefresh: {operationId: token, grantType: refresh_token, requestBody: {payload: {ttl: «6»}}}",
      ),
      want: [
        'the body of token requires "client_id"',
        'the body of token requires "client_secret"',
        '6 is not one of the values in the schema → there are "5", "10"',
      ],
    },
  ]);
});
