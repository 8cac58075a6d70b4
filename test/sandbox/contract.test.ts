import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { dereference, parametersOf } from "../../src/lifecycle/definition.js";
import { at } from "../../src/lifecycle/expression.js";
import { type DocumentedOperation, readOperations } from "../../src/sandbox/document.js";
import { documentAt, open, type Sent } from "./support.js";

const ACCOUNTS: Record<string, Record<string, string>> = {
  synapse: {
    clientId: "c",
    clientSecret: "s",
    userId: "u",
    fingerprint: "f",
    userIp: "203.0.113.7",
    email: "a@example.com",
    password: "p",
  },
  finapi: { clientId: "c", clientSecret: "s", username: "u", password: "p" },
  onmeta: { apiKey: "k", email: "a@example.com" },
};

const CREDENTIALS: Record<string, (tokens: (scheme: string) => Record<string, string>) => Record<string, string>> = {
  gateway: () => ({ "X-SP-GATEWAY": "c|s" }),
  device: () => ({ "X-SP-USER": "|f" }),
  userKey: (tokens) => ({ "X-SP-USER": `${tokens("userKey")["accessToken"]}|f` }),
  finapiClient: (tokens) => ({ Authorization: `Bearer ${tokens("finapiClient")["accessToken"]}` }),
  finapiUser: (tokens) => ({ Authorization: `Bearer ${tokens("finapiUser")["accessToken"]}` }),
  apiKey: () => ({ "x-api-key": "k" }),
  refreshBearer: (tokens) => ({ Authorization: `Bearer ${tokens("customer")["refreshToken"]}` }),
  customer: (tokens) => ({ Authorization: `Bearer ${tokens("customer")["accessToken"]}` }),
};

/** Calls that mean something only with values of their own; the walks make them. */
const TOKEN_CALLS = ["login", "issueOAuthKey", "getToken", "userLogin", "refreshAccessToken", "getUser"];

describe.each(["synapse", "finapi", "onmeta"])("%s", (name) => {
  const document: unknown = documentAt(`specs/${name}.yaml`);
  const operations = readOperations(document).filter(({ operationId }) => !TOKEN_CALLS.includes(operationId));

  it.each(operations.map((operation) => ({ operation, id: operation.operationId })))(
    "$id answers with a documented success, and without credentials with a documented refusal",
    async ({ operation }) => {
      const { sandbox, send } = await open(`specs/${name}.yaml`);
      const account = sandbox.account("api", ACCOUNTS[name] ?? {});
      const [requirement = {}] = operation.security;
      const tokens = (scheme: string): Record<string, string> => account.issue(scheme);
      const credentials = Object.keys(requirement).flatMap((scheme) => Object.entries(CREDENTIALS[scheme]!(tokens)));
      const request = exampleRequest(document, operation);
      const granted = await send(request.line, {
        ...request,
        headers: { ...request.headers, ...Object.fromEntries(credentials) },
      });
      expect(granted).toMatchObject({ status: successOf(operation) });
      expectDocumented(document, operation, granted.status, granted.body);
      if (credentials.length === 0) return;
      const refused = await send(request.line, request);
      expect(refused.status).toBe(401);
      expectDocumented(document, operation, 401, refused.body);
    },
  );
});

/** A request made of the document's own examples. */
function exampleRequest(document: unknown, { path, method }: DocumentedOperation): Sent & { readonly line: string } {
  const pathItem = (at(document, "/paths") as Record<string, Record<string, Record<string, unknown>>>)[path] ?? {};
  const wanted = parametersOf(document, pathItem, pathItem[method] ?? {}).filter((one) => one["required"] === true);
  const ofPlace = (place: string): Record<string, string> =>
    Object.fromEntries(wanted.filter((one) => one["in"] === place).map((one) => [String(one["name"]), String(one["example"])]));
  const filled = Object.entries(ofPlace("path")).reduce((text, [name, value]) => text.replace(`{${name}}`, value), path);
  const [media] = Object.values(at(pathItem[method], "/requestBody/content") ?? {});
  const [example] = Object.values(at(media, "/examples") ?? {});
  const json = at(dereference(document, example), "/value");
  const line = `${method.toUpperCase()} ${filled}`;
  return { line, headers: ofPlace("header"), query: ofPlace("query"), ...(json !== undefined && { json }) };
}

function successOf(operation: DocumentedOperation): number {
  return Number(operation.responses.find(({ status }) => status.startsWith("2"))?.status);
}

function expectDocumented(document: unknown, operation: DocumentedOperation, status: number, body: unknown): void {
  const response = operation.responses.find((one) => one.status === String(status));
  expect(response, `${operation.operationId} documents ${status}`).toBeDefined();
  const [content] = response?.content ?? [];
  if (content === undefined) {
    expect(body).toBe("");
    return;
  }
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  const { components } = document as { components: unknown };
  const validate = ajv.compile({ components, allOf: [content.schema] });
  expect(validate(body) ? [] : validate.errors).toEqual([]);
}
