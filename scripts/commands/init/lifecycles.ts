/**
 * An overlay that begins to say how tokens live: what is certain stands in it, and what has to be looked up in the service's
 * documentation stands beside it in comments.
 */

import { object } from "../../spec/pointer.js";
import type { ReadApi } from "../reading.js";
import type { SurveyedScheme } from "./survey.js";
import { comment, scalar } from "./yaml.js";

export function lifecyclesOverlay(api: ReadApi, schemes: readonly SurveyedScheme[]): string {
  return `${[
    `# How the tokens of ${comment(api.model.title)} live, beside its document. The language: docs/lifecycle.md of keyturn.`,
    "overlay: 1.0.0",
    "info:",
    `  title: ${scalar(`How the tokens of ${comment(api.model.title)} live`)}`,
    '  version: "1"',
    "actions:",
    ...actions(api, schemes),
  ].join("\n")}\n`;
}

/** One scheme, and what is known of a way to its tokens. */
interface Plan {
  readonly scheme: SurveyedScheme;
  /** The operation that brings a token; left out when the document does not say. */
  readonly call?: string;
  /** The path that the operation is described at by the overlay, because the document does not. */
  readonly path?: string;
  /** Left out when the flow is none that a program can go through alone. */
  readonly grant?: "clientCredentials" | "password";
}

const GRANTS = ["clientCredentials", "password"] as const;

function planOf(api: ReadApi, scheme: SurveyedScheme): Plan {
  const flows = object(scheme.stated["flows"]);
  const grant = GRANTS.find((flow) => flow in flows);
  const known = tokenOperation(api, scheme.stated);
  const path = known === undefined && grant !== undefined ? tokenPath(api, object(flows[grant])["tokenUrl"]) : undefined;
  const call = known ?? (path === undefined ? undefined : freeName(api, `obtainTokenOf${pascal(scheme.name)}`));
  return { scheme, ...(call !== undefined && { call }), ...(path !== undefined && { path }), ...(grant && { grant }) };
}

function actions(api: ReadApi, schemes: readonly SurveyedScheme[]): string[] {
  const plans = schemes.map((scheme) => planOf(api, scheme));
  const held = plans.filter((plan) => !isKnown(plan));
  return plans.flatMap((plan) => {
    const { name, type } = plan.scheme;
    const input = held.length > 1 ? `accessTokenOf${pascal(name)}` : "accessToken";
    const lifecycle = isKnown(plan)
      ? grantLines(api, plan)
      : heldLines(input, plan.call ?? loginOperation(api), plan !== held[0]);
    return [
      ...(plan.path === undefined || plan.call === undefined ? [] : tokenOperationLines(plan.path, plan.call)),
      `  # ${comment(type)}`,
      `  - target: ${target("components", "securitySchemes", name)}`,
      "    update:",
      "      x-token-lifecycle:",
      ...lifecycle.map((line) => `        ${line}`),
    ];
  });
}

/** Whether the document says which grant it is, and which operation. */
function isKnown(plan: Plan): plan is Required<Pick<Plan, "call" | "grant">> & Plan {
  return plan.call !== undefined && plan.grant !== undefined;
}

/** The document has no operation at its token URL: RFC 6749, sections 4.3, 4.4 and 5.1, as an operation. */
function tokenOperationLines(path: string, operationId: string): string[] {
  return [
    "  # The document names this address and does not describe it.",
    "  - target: $.paths",
    "    update:",
    `      ${JSON.stringify(path)}:`,
    "        post:",
    `          operationId: ${operationId}`,
    "          summary: Obtain an access token",
    "          security: []",
    "          requestBody:",
    "            required: true",
    "            content:",
    "              application/x-www-form-urlencoded:",
    "                schema: { type: object, required: [grant_type], properties: { grant_type: { type: string } } }",
    "          responses:",
    '            "200":',
    "              description: An access token.",
    "              content:",
    "                application/json:",
    "                  schema:",
    "                    type: object",
    "                    required: [access_token, token_type]",
    "                    properties:",
    "                      access_token: { type: string }",
    "                      token_type: { type: string, example: Bearer }",
    "                      expires_in: { type: integer, example: 3600 }",
    "                      refresh_token: { type: string }",
    '            "400": { description: The request or the client was refused. }',
    '            "401": { description: The client was refused. }',
  ];
}

/** A JSONPath to a member, by names. Its strings escape what JSON escapes (RFC 9535, section 2.3.1.1), and their own quotes. */
function target(...names: readonly string[]): string {
  const quoted = names.map((name) => JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'"));
  return scalar(`$${quoted.map((name) => `['${name}']`).join("")}`);
}

/** The path of a token URL below the API's first server; `undefined` when it is elsewhere. */
function tokenPath({ model }: ReadApi, tokenUrl: unknown): string | undefined {
  const base = model.definition.servers[0]?.url ?? "";
  if (!URL.canParse(base) || !URL.canParse(String(tokenUrl), base)) return undefined;
  const [server, url] = [new URL(base), new URL(String(tokenUrl), base)];
  const prefix = server.pathname.replace(/\/$/, "");
  const isBelow = url.origin === server.origin && url.pathname.startsWith(`${prefix}/`) && url.search === "";
  return isBelow ? url.pathname.slice(prefix.length) : undefined;
}

function freeName({ model }: ReadApi, name: string): string {
  const taken = new Set(model.operations.map((operation) => operation.name));
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function pascal(name: string): string {
  return name
    .replace(/[^A-Za-z0-9]+(.?)/g, (_, next: string) => next.toUpperCase())
    .replace(/^./, (first) => first.toUpperCase());
}

/** The document says which grant it is, and has the operation of it: RFC 6749 says the rest. */
function grantLines(api: ReadApi, { scheme, call, grant }: Plan & { readonly call: string; readonly grant: string }): string[] {
  const flows = object(scheme.stated["flows"]);
  const grantType = grant === "password" ? "password" : "client_credentials";
  const refresh = `refresh: { operationId: ${scalar(call)}, grantType: refresh_token }`;
  return [
    ...(grant === "clientCredentials" && "password" in flows ? CLIENT_INPUTS : []),
    `obtain: { operationId: ${scalar(call)}, grantType: ${grantType} }`,
    "refreshUrl" in object(flows[grant]) ? refresh : `# ${refresh}`,
    takesClient(api, call)
      ? "clientAuthentication: client_secret_post # the body has client_id and client_secret"
      : "# clientAuthentication: client_secret_post # default: client_secret_basic",
    "# leeway: PT60S # how much ahead of its end a token is renewed",
    "rejected:",
    "  token: $statusCode == 401 # what the service answers to a token that it does not take",
  ];
}

/** A scheme that has the password flow as well would ask for its inputs too. */
const CLIENT_INPUTS = [
  "# With grantType: password in obtain, users have tokens of their own; leave out these inputs then.",
  "inputs:",
  "  type: object",
  "  required: [clientId, clientSecret]",
  "  properties: { clientId: { type: string }, clientSecret: { type: string, format: password } }",
];

/** Nothing is certain but that the caller may hold a token. */
function heldLines(input: string, login: string | undefined, isSaid: boolean): string[] {
  const held = [
    "inputs:",
    "  type: object",
    "  properties:",
    `    ${input}: { type: string, format: password, description: A token that the caller holds already. }`,
    `initial: { accessToken: $inputs.${input} }`,
    "rejected:",
    "  token: $statusCode == 401 # what the service answers to a token that it does not take",
  ];
  if (isSaid) return [...held, "# obtain, expires, refresh: as above"];
  return [
    ...held,
    "# Say which operation brings a token, and every call has a fresh one:",
    "# obtain:",
    `#   operationId: ${scalar(login ?? "login")}${login === undefined ? "" : " # is it this one?"}`,
    "#   requestBody: { payload: { username: $inputs.username, password: $inputs.password } }",
    "#   outputs: { accessToken: $response.body#/access_token }",
    "# expires:",
    "#   accessToken: { in: $response.body#/expires_in } # or { after: PT1H }, or { claim: exp } of a JWT",
    "# refresh: # when there is a refresh token",
    "#   operationId: refreshToken",
    "#   requestBody: { payload: { refresh_token: $outputs.refreshToken } }",
    "#   outputs: { accessToken: $response.body#/access_token, refreshToken: $response.body#/refresh_token }",
  ];
}

/** The operation at the token URL of a flow. */
function tokenOperation({ model }: ReadApi, stated: Readonly<Record<string, unknown>>): string | undefined {
  const urls = Object.values(object(stated["flows"])).flatMap((flow) => object(flow)["tokenUrl"] ?? []);
  const paths = urls.flatMap((url) =>
    URL.canParse(String(url), "http://localhost") ? [new URL(String(url), "http://localhost").pathname] : [],
  );
  return model.operations.find(({ data }) => data.method === "post" && paths.some((path) => path.endsWith(data.path)))?.name;
}

/** Whether the body of a token operation is described with what the client shows of itself: RFC 6749, section 2.3.1. */
function takesClient({ document, model }: ReadApi, operationId: string): boolean {
  const data = model.operations.find(({ name }) => name === operationId)?.data;
  if (data === undefined) return false;
  const member = (value: unknown, name: string) => object(document.dereference(object(value)[name]));
  const operation = member(member(object(document.root)["paths"], data.path), data.method);
  const content = member(member(operation, "requestBody"), "content");
  const properties = member(member(member(content, "application/x-www-form-urlencoded"), "schema"), "properties");
  return "client_id" in properties && "client_secret" in properties;
}

/** One whose name or path speaks of logging in. */
function loginOperation({ model }: ReadApi): string | undefined {
  const posts = model.operations.filter(({ data }) => data.method === "post");
  const speaks = (pattern: RegExp) => posts.find(({ name, data }) => pattern.test(name) || pattern.test(data.path));
  return (
    speaks(/log[-_]?in(?!k)|sign[-_]?in(?!g)|authenticate/i) ??
    speaks(/\btokens?$|(?:create|get|issue|obtain)\w*token/i) ??
    speaks(/sessions?$/i)
  )?.name;
}
