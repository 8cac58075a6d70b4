/** The document that a stranger to this project would have: a password, a token that ends, a refresh token that rotates. */
export const THINGS = `openapi: 3.1.0
info: { title: Things, version: "1" }
servers: [{ url: https://api.example }]
security: [{ user: [] }]
paths:
  /token:
    post:
      operationId: getToken
      security: []
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema: { type: object, additionalProperties: { type: string } }
      responses:
        "200":
          description: A token.
          content:
            application/json:
              schema:
                type: object
                required: [access_token, token_type, expires_in, refresh_token]
                properties:
                  access_token: { type: string }
                  token_type: { type: string, const: bearer }
                  expires_in: { type: integer, minimum: 1 }
                  refresh_token: { type: string }
        "400":
          description: No token.
          content:
            application/json:
              schema:
                type: object
                properties: { error: { type: string, const: invalid_grant } }
  /things/{id}:
    get:
      operationId: getThing
      summary: One thing.
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
      responses:
        "200":
          description: The thing.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Thing" }
        "401":
          description: Not with this token.
  /things:
    post:
      operationId: createThing
      summary: Another thing.
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/Thing" }
      responses:
        "200":
          description: The thing.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Thing" }
        "401":
          description: Not with this token.
components:
  schemas:
    Thing:
      type: object
      required: [id, name]
      properties:
        id: { type: string, example: t-1 }
        name: { type: string, example: A thing }
  securitySchemes:
    user:
      type: oauth2
      flows:
        password: { tokenUrl: /token, refreshUrl: /token, scopes: {} }
      x-token-lifecycle:
        clientAuthentication: client_secret_post
        obtain: { operationId: getToken, grantType: password }
        refresh: { operationId: getToken, grantType: refresh_token, onFailure: { obtain: $statusCode == 400 } }
        refreshToken: { rotation: always }
        rejected: { token: $statusCode == 401 }
`;

/** Calls it twice with an end of the token between, and writes what came of it as one line of JSON. */
export const PLAY = `import { createThings } from "./generated/things/index.js";

const renewals: string[] = [];
const [, , baseUrl = "", expire = ""] = process.argv;
const things = createThings({
  baseUrl,
  inputs: { clientId: "client", clientSecret: "s3cret", username: "ada", password: "pw" },
  onEvent: (event) => {
    if (event.type === "token-renewed") renewals.push(event.by);
  },
});
const params = { path: { id: "t-1" } };
const first = await things.getThing({ params });
await fetch(expire, { method: "POST" });
const second = await things.getThing({ params });
const made = await things.createThing({ body: { id: "t-2", name: "Another" } });
await things.close();
console.log(JSON.stringify({ first: first.data, second: second.data, made: made.response.status, renewals }));
`;

/** The same without `fetch`. */
export const PLAY_UNDICI = `import { undici } from "keyturn/undici";
${PLAY.replace("  baseUrl,\n", "  baseUrl,\n  transport: undici(),\n")}`;

/** Serves the document, and ends its tokens when it is asked to at another address. */
export const SERVE = `import { createServer } from "node:http";
import { startSandbox } from "keyturn/sandbox";

const sandbox = await startSandbox({ documents: [{ path: "specs/things.yaml" }] });
sandbox.account("things", { clientId: "client", clientSecret: "s3cret", username: "ada", password: "pw" });
const control = createServer((_request, response) => {
  sandbox.expire("things", {});
  response.setHeader("access-control-allow-origin", "*").end();
});
control.listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ url: sandbox.url("things"), expire: \`http://127.0.0.1:\${control.address().port}\` }));
});
`;
