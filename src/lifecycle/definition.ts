/**
 * From a document to the data that runs it: the one normalising step.
 *
 * Short forms become long ones, and what the language or RFC 6749 says by default is spelled out, so that everybody
 * downstream (generator, sandbox, diagrams) reads one shape. The document has been linted: what lint reports is not
 * reported again here, and whatever is malformed is left out rather than guessed.
 *
 * This module is for build time and the sandbox; the runtime's entry never reaches it.
 */

import type {
  ApiDefinition,
  Apply,
  Criterion,
  Expiry,
  FailureAction,
  FailureOutcome,
  InputDeclaration,
  Operation,
  Parameter,
  RefreshTokenNature,
  RenewalRole,
  SecurityRequirement,
  SecurityScheme,
  Server,
  TokenCall,
  TokenOperation,
  Value,
} from "./contract.js";
import { at, type Reference } from "./expression.js";
import { type NamedOperation, nameOperations } from "./operations.js";
import { referencesInCriteria, referencesInValue } from "./value.js";
import { readWire } from "./wire.js";

/** The extensions of the language, and where they stand. */
export const LIFECYCLE = "x-token-lifecycle";
export const FILL = "x-fill";
export const SERVER_NAME = "x-server-name";

const JSON_BODY = "application/json";
const FORM_BODY = "application/x-www-form-urlencoded";

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads everything that the runtime needs from a parsed document whose references are local.
 *
 * @param name names the API in slots and diagnostics; usually the document's file name without its ending.
 * @throws {ExpressionError} when an expression in it is malformed, which lint reports with its place.
 */
export function readDefinition(document: unknown, name: string): ApiDefinition {
  const operations = readOperations(document);
  const schemes = statedSchemes(document);
  const securitySchemes = Object.fromEntries(
    schemes.map(([scheme, value]) => [scheme, readSecurityScheme(document, scheme, value, operations)]),
  );
  return {
    name,
    servers: readServers(document),
    inputs: readInputs(schemes, securitySchemes, operations.byName),
    operations: operations.byName,
    securitySchemes,
  };
}

/**
 * The security schemes of a document in their long form, by name. One that is too malformed to be read is left out, and does not
 * hide the others.
 */
export function readSecuritySchemes(document: unknown): ReadonlyMap<string, SecurityScheme> {
  const operations = readOperations(document);
  const read = new Map<string, SecurityScheme>();
  for (const [name, scheme] of statedSchemes(document)) {
    try {
      read.set(name, readSecurityScheme(document, name, scheme, operations));
    } catch {
      // Lint says what is wrong with it, and where.
    }
  }
  return read;
}

function statedSchemes(document: unknown): [string, Json][] {
  return members(at(document, "/components/securitySchemes")).map(([name, value]) => [
    name,
    object(dereference(document, value)),
  ]);
}

/** How many references may stand in for each other in a row; a longer chain is taken for one without an end. */
export const MOST_IN_A_ROW = 100;

/** Follows local references until something else stands there; a dangling or circular one yields `undefined`. */
export function dereference(document: unknown, value: unknown): unknown {
  const seen = new Set<string>();
  let current = value;
  while (isObject(current) && typeof current["$ref"] === "string") {
    const reference = current["$ref"];
    if (!reference.startsWith("#") || seen.has(reference) || seen.size === MOST_IN_A_ROW) return undefined;
    seen.add(reference);
    const pointer = decoded(reference.slice(1));
    current = pointer === undefined ? undefined : at(document, pointer);
  }
  return current;
}

/** A URI fragment as text; `undefined` when its percent signs encode none. */
function decoded(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}

/** The declared inputs of a scheme, by name, each a JSON Schema: as stated, or as its type has them by default. */
export function declaredInputs(name: string, scheme: Json): Readonly<Record<string, Json>> {
  const lifecycle = scheme[LIFECYCLE];
  const stated = at(lifecycle, "/inputs/properties");
  if (isObject(stated)) return Object.fromEntries(members(stated).map(([input, schema]) => [input, object(schema)]));
  const secret = { type: "string", format: "password" };
  const plain = { type: "string" };
  if (lifecycle === undefined) {
    if (scheme["type"] === "mutualTLS") return {};
    if (scheme["type"] === "apiKey") return { [inputOf(name)]: secret };
    return isScheme(scheme, "basic") ? { username: plain, password: secret } : { token: secret };
  }
  if (scheme["type"] !== "oauth2") return {};
  if (!["obtain", "refresh", "initial"].some((member) => at(lifecycle, `/${member}`) !== undefined)) return { token: secret };
  const client = { clientId: plain, clientSecret: secret };
  return at(scheme, "/flows/password") === undefined ? client : { ...client, username: plain, password: secret };
}

/** The input of an API key: named after its scheme, with what a name in an expression cannot hold made an underscore. */
function inputOf(scheme: string): string {
  return scheme.replace(/[^\w-]/g, "_").replace(/^(?![A-Za-z_])/, "_");
}

function readServers(owner: unknown): Server[] {
  const servers = array(at(owner, "/servers")).map(object);
  if (servers.length === 0) return [{ url: "/" }];
  return servers.map((server) => {
    const name = text(server["name"]) ?? text(server[SERVER_NAME]);
    const variables = members(server["variables"]).map(([variable, value]) => {
      const choices = array(at(value, "/enum")).map(String);
      return [
        variable,
        { default: String(at(value, "/default") ?? ""), ...(choices.length > 0 && { enum: choices }) },
      ] as const;
    });
    return {
      ...(name !== undefined && { name }),
      url: text(server["url"]) ?? "/",
      ...(variables.length > 0 && { variables: Object.fromEntries(variables) }),
    };
  });
}

interface ReadOperation extends Operation {
  /** Every declared parameter, for the short form of a token call's `parameters`. */
  readonly declared: readonly { readonly name: string; readonly in: string }[];
}

const declaredParameters = new WeakMap<Operation, ReadOperation["declared"]>();

/** What the operations of a document are called, and what the document calls them. */
interface ReadOperations {
  readonly byName: Readonly<Record<string, Operation>>;
  /** The name of the operation that states an `operationId`; of several the first. */
  readonly named: ReadonlyMap<string, string>;
  /** The name of the operation at a pointer. */
  readonly placed: ReadonlyMap<string, string>;
}

function readOperations(document: unknown): ReadOperations {
  const operations = nameOperations(document, (value) => dereference(document, value));
  return {
    byName: Object.fromEntries(operations.map((operation) => [operation.name, readOperation(document, operation)])),
    named: new Map(operations.toReversed().flatMap(({ stated, name }) => (stated === undefined ? [] : [[stated, name]]))),
    placed: new Map(operations.map(({ pointer, name }) => [pointer, name])),
  };
}

function readOperation(document: unknown, { path, method, pathItem, operation }: NamedOperation): Operation {
  const parameters = parametersOf(document, pathItem, operation);
  const fill = parameters.flatMap((parameter): Parameter[] =>
    FILL in parameter
      ? [{ in: parameter["in"] as Parameter["in"], name: String(parameter["name"]), value: parameter[FILL] as Value }]
      : [],
  );
  const security = array(operation["security"] ?? at(document, "/security")) as SecurityRequirement[];
  const owner = [operation, pathItem].find((one) => array(one["servers"]).length > 0);
  const isElsewhere = owner !== undefined && at(owner, "/servers/0/url") !== at(document, "/servers/0/url");
  const read: Operation = {
    method,
    path,
    security,
    ...(isElsewhere && { servers: readServers(owner) }),
    ...(fill.length > 0 && { fill }),
    ...readWire(parameters, operation, (value) => dereference(document, value)),
  };
  declaredParameters.set(
    read,
    parameters.map((parameter) => ({ name: String(parameter["name"]), in: String(parameter["in"]) })),
  );
  return read;
}

/** The parameters of an operation: those of its path first, each replaced by the operation's own of the same name and place. */
export function parametersOf(document: unknown, pathItem: Json, operation: Json): Json[] {
  const byPlace = new Map<string, Json>();
  for (const stated of [...array(pathItem["parameters"]), ...array(operation["parameters"])]) {
    const parameter = object(dereference(document, stated));
    byPlace.set(`${parameter["in"]} ${parameter["name"]}`, parameter);
  }
  return [...byPlace.values()];
}

interface SchemeContext {
  readonly document: unknown;
  readonly lifecycle: Json;
  readonly operations: ReadOperations;
}

function readSecurityScheme(document: unknown, name: string, scheme: Json, operations: ReadOperations): SecurityScheme {
  const stated = scheme[LIFECYCLE];
  const lifecycle = object(stated);
  const context: SchemeContext = { document, lifecycle, operations };
  const obtain = readTokenOperation(context, lifecycle["obtain"]);
  const refresh = readTokenOperation(context, lifecycle["refresh"]);
  const recover = readTokenOperation(context, lifecycle["recover"]);
  const revoke = readTokenOperation(context, lifecycle["revoke"]);
  const initial = mapOf<string>(lifecycle["initial"]);
  const isSlot = obtain !== undefined || refresh !== undefined || initial !== undefined;
  const byRfc = grantCalls(lifecycle).length > 0;
  const expires = members(lifecycle["expires"]).map(([output, rules]) => [output, readExpiry(rules)] as const);
  if (expires.length === 0 && byRfc) expires.push(["accessToken", [{ in: "$response.body#/expires_in", unit: "seconds" }]]);
  const let_ = mapOf<Value>(lifecycle["let"]);
  const key = readKey(lifecycle);
  const read: Omit<SecurityScheme, "requires"> = {
    apply: readApply(lifecycle["apply"], scheme, defaultValue(name, scheme, isSlot)),
    ...(let_ && { let: let_ }),
    ...(isSlot && key && { key }),
    ...(initial && { initial }),
    ...(obtain && { obtain }),
    ...(refresh && { refresh }),
    ...(recover && { recover }),
    ...(revoke && {
      revoke: { ...revoke, ends: array(at(lifecycle, "/revoke/ends") ?? ["refreshToken", "accessToken"]).map(String) },
    }),
    ...(expires.length > 0 && { expires: Object.fromEntries(expires) }),
    ...(isSlot && { leeway: text(lifecycle["leeway"]) ?? "PT60S" }),
    ...((refresh || lifecycle["refreshToken"] !== undefined) && { refreshToken: readNature(lifecycle["refreshToken"]) }),
    ...((isSlot || lifecycle["rejected"] !== undefined) && { rejected: readRejected(lifecycle["rejected"]) }),
  };
  return { requires: requiredInputs(name, scheme, read), ...read };
}

/** What a scheme presents when nothing else is stated: its token, or the caller's own values. */
function defaultValue(name: string, scheme: Json, isSlot: boolean): Value | undefined {
  if (scheme["type"] === "mutualTLS") return undefined;
  if (scheme["type"] === "apiKey") return isSlot ? "$outputs.accessToken" : `$inputs.${inputOf(name)}`;
  if (isScheme(scheme, "basic")) return { concat: ["Basic ", { base64: "{$inputs.username}:{$inputs.password}" }] };
  const prefix = scheme["type"] === "http" && !isScheme(scheme, "bearer") ? (text(scheme["scheme"]) ?? "Bearer") : "Bearer";
  return `${prefix} ${isSlot ? "{$outputs.accessToken}" : "{$inputs.token}"}`;
}

function readApply(stated: unknown, scheme: Json, fallback: Value | undefined): Apply[] {
  const place: Pick<Apply, "in" | "name"> =
    scheme["type"] === "apiKey"
      ? { in: (text(scheme["in"]) ?? "header") as Apply["in"], name: text(scheme["name"]) ?? "" }
      : { in: "header", name: "Authorization" };
  if (stated === undefined) return fallback === undefined ? [] : [{ ...place, value: fallback }];
  return (Array.isArray(stated) ? stated : [stated]).map((one: unknown): Apply => {
    if (!isObject(one)) return { ...place, value: one as Value };
    if (!("value" in one)) return { ...place, value: one as Value };
    return {
      in: (text(one["in"]) ?? place.in) as Apply["in"],
      name: text(one["name"]) ?? place.name,
      value: one["value"] as Value,
      ...(one["required"] === false && { required: false }),
    };
  });
}

function readKey(lifecycle: Json): Value[] | undefined {
  const stated = Array.isArray(lifecycle["key"]) ? (lifecycle["key"] as Value[]) : undefined;
  const grants = grantCalls(lifecycle);
  if (grants.length === 0) return stated;
  const byPassword = grants.some((call) => call["grantType"] === "password");
  return [...new Set<Value>([...grants.map(clientIdOf), ...(stated ?? (byPassword ? ["$inputs.username"] : []))])];
}

/** The calls that are RFC 6749's. */
function grantCalls(lifecycle: Json): Json[] {
  return ["obtain", "refresh"].flatMap((role) => {
    const operation = object(lifecycle[role]);
    return [operation, ...array(operation["steps"]).map(object)].filter((call) => text(call["grantType"]) !== undefined);
  });
}

function readTokenOperation(context: SchemeContext, stated: unknown): TokenOperation | undefined {
  if (!isObject(stated)) return undefined;
  if (Array.isArray(stated["steps"])) {
    return { steps: stated["steps"].map((step) => readTokenCall(context, object(step))) };
  }
  return readTokenCall(context, stated);
}

function readTokenCall(context: SchemeContext, call: Json): TokenCall {
  const operationId = calledName(context.operations, call);
  const { byName } = context.operations;
  const operation = Object.hasOwn(byName, operationId) ? byName[operationId] : undefined;
  const grantType = text(call["grantType"]);
  const payload = readPayload(context, call, grantType);
  const apply = appliedAuthentication(
    grantType === undefined ? call["clientAuthentication"] : clientAuthentication(context, call),
    call,
  );
  const parameters = readParameters(operation, call["parameters"]);
  const outputs = mapOf<Value>(call["outputs"]) ?? (grantType === undefined ? undefined : standardOutputs(context));
  const onFailure = call["onFailure"] === undefined ? standardFailures(context, grantType) : readFailures(call["onFailure"]);
  const let_ = mapOf<Value>(call["let"]);
  const contentType =
    text(at(call, "/requestBody/contentType")) ?? operation?.contentType ?? (grantType === undefined ? JSON_BODY : FORM_BODY);
  return {
    ...(typeof call["stepId"] === "string" && { stepId: call["stepId"] }),
    operationId,
    ...(let_ && { let: let_ }),
    ...(apply.length > 0 && { apply }),
    ...(parameters.length > 0 && { parameters }),
    ...(payload !== undefined && { requestBody: { contentType, payload } }),
    successCriteria:
      readCriteria(call["successCriteria"]) ??
      readCriteria(grantType === undefined ? "$statusCode >= 200 && $statusCode < 300" : "$statusCode == 200") ??
      [],
    ...(outputs && { outputs }),
    ...(onFailure.length > 0 && { onFailure }),
  };
}

/** The name of the operation that a token call leads to; what leads nowhere stays as it is written, for lint to tell. */
function calledName({ named, placed }: ReadOperations, { operationId, operationRef }: Json): string {
  const stated = text(operationId);
  if (stated !== undefined) return named.get(stated) ?? stated;
  const reference = text(operationRef) ?? "";
  const pointer = reference.startsWith("#") ? decoded(reference.slice(1)) : undefined;
  return placed.get(pointer ?? "") ?? reference;
}

/** RFC 6749: section 4.3.2 (password), 4.4.2 (client credentials) and 6 (refresh); what is stated wins. */
function readPayload(context: SchemeContext, call: Json, grantType: string | undefined): Value | undefined {
  const stated = at(call, "/requestBody/payload") as Value | undefined;
  if (grantType === undefined) return stated;
  const scope = call["scope"];
  return {
    grant_type: grantType,
    ...(grantType === "password" && { username: "$inputs.username", password: "$inputs.password" }),
    ...(grantType === "refresh_token" && { refresh_token: "$outputs.refreshToken" }),
    ...(scope !== undefined && { scope: (Array.isArray(scope) ? scope.join(" ") : scope) as Value }),
    ...postedAuthentication(clientAuthentication(context, call), call),
    ...(isObject(stated) ? (stated as Readonly<Record<string, Value>>) : {}),
  };
}

function clientAuthentication({ lifecycle }: SchemeContext, call: Json): unknown {
  return call["clientAuthentication"] ?? lifecycle["clientAuthentication"] ?? "client_secret_basic";
}

/** RFC 6749 section 2.3.1: client credentials in the request body; a public client names itself there (section 3.2.1). */
function postedAuthentication(method: unknown, call: Json): Readonly<Record<string, Value>> {
  const clientId = clientIdOf(call);
  if (method === "client_secret_post") return { client_id: clientId, client_secret: "$inputs.clientSecret" };
  return method === "none" ? { client_id: clientId } : {};
}

function clientIdOf(call: Json): Value {
  return (call["clientId"] as Value | undefined) ?? "$inputs.clientId";
}

/** RFC 6749 section 2.3.1: HTTP Basic, both halves form-encoded first; or what the document says goes on the call. */
function appliedAuthentication(method: unknown, call: Json): Apply[] {
  if (method !== "client_secret_basic")
    return (Array.isArray(method) ? method : [method]).filter(isObject) as unknown as Apply[];
  const credentials = { concat: [{ urlEncode: clientIdOf(call) }, ":", { urlEncode: "$inputs.clientSecret" }] };
  return [{ in: "header", name: "Authorization", value: { concat: ["Basic ", { base64: credentials }] } }];
}

/** RFC 6749 section 5.1. */
function standardOutputs({ lifecycle }: SchemeContext): Readonly<Record<string, Value>> {
  const access = { accessToken: "$response.body#/access_token" };
  return lifecycle["refresh"] === undefined ? access : { ...access, refreshToken: "$response.body#/refresh_token" };
}

/** RFC 6749 section 5.2: a refused refresh token leads back to the grant, refused credentials end the renewal. */
function standardFailures({ lifecycle }: SchemeContext, grantType: string | undefined): FailureAction[] {
  if (grantType === undefined) return [];
  if (grantType !== "refresh_token")
    return readFailures({ "credentials-rejected": "$statusCode == 400 || $statusCode == 401" });
  return readFailures({
    "credentials-rejected": "$statusCode == 401 || $response.body#/error == 'invalid_client'",
    ...(lifecycle["obtain"] !== undefined && { obtain: "$statusCode == 400" }),
  });
}

function readParameters(operation: Operation | undefined, stated: unknown): Parameter[] {
  if (Array.isArray(stated)) return stated.filter(isObject) as unknown as Parameter[];
  const declared = (operation && declaredParameters.get(operation)) ?? [];
  return members(stated).map(([name, value]) => ({
    in: (declared.find((parameter) => parameter.name === name)?.in ?? "query") as Parameter["in"],
    name,
    value: value as Value,
  }));
}

const ROLES: readonly string[] = ["obtain", "refresh", "recover"] satisfies RenewalRole[];

function readFailures(stated: unknown): FailureAction[] {
  const listed = Array.isArray(stated)
    ? stated
        .map(object)
        .map((action): [string, unknown] => [String(action["operation"] ?? action["outcome"] ?? "failed"), action["criteria"]])
    : members(stated);
  return listed.map(([what, conditions]): FailureAction => {
    const criteria = readCriteria(conditions) ?? [];
    return ROLES.includes(what)
      ? { type: "goto", operation: what as RenewalRole, criteria }
      : { type: "end", outcome: what as FailureOutcome, criteria };
  });
}

function readCriteria(stated: unknown): Criterion[] | undefined {
  if (stated === undefined) return undefined;
  return (Array.isArray(stated) ? stated : [stated]).map((one: unknown) => ({
    condition: isObject(one) ? String(one["condition"]) : String(one),
  }));
}

function readExpiry(stated: unknown): Expiry[] {
  return (Array.isArray(stated) ? stated : [stated]).map((rule: unknown): Expiry => {
    if (typeof rule === "string") return { after: rule };
    const { unit, ...rest } = object(rule);
    return ("in" in rest ? { in: rest["in"], unit: unit ?? "seconds", ...rest } : rest) as Expiry;
  });
}

function readNature(stated: unknown): RefreshTokenNature {
  const { recoverWhen, rotation, ...rest } = object(stated);
  const criteria = readCriteria(recoverWhen);
  return {
    rotation: (rotation ?? "sometimes") as RefreshTokenNature["rotation"],
    ...(rest as Partial<RefreshTokenNature>),
    ...(criteria && { recoverWhen: criteria }),
  };
}

/** RFC 6750 section 3.1: a token is rejected by 401, unless something else is stated for that; `[]` states nothing. */
function readRejected(value: unknown): NonNullable<SecurityScheme["rejected"]> {
  const stated = { token: "$statusCode == 401", ...object(value) };
  return Object.fromEntries(members(stated).map(([what, conditions]) => [what, readCriteria(conditions) ?? []]));
}

/** The inputs that must be there: declared as required, or referred to without being declared and not optional. */
function requiredInputs(name: string, scheme: Json, read: Omit<SecurityScheme, "requires">): string[] {
  const declared = declaredInputs(name, scheme);
  const stated = at(scheme[LIFECYCLE], "/inputs/required");
  const required = Array.isArray(stated)
    ? stated.map(String)
    : at(scheme[LIFECYCLE], "/inputs/properties") === undefined
      ? Object.keys(declared)
      : [];
  const undeclared = inputReferences(read).flatMap(({ input, optional }) =>
    optional || Object.hasOwn(declared, input) ? [] : [input],
  );
  return [...new Set([...required, ...undeclared])].filter((input) => !hasDefault(declared[input]));
}

function inputReferences(scheme: Omit<SecurityScheme, "requires">): { input: string; optional: boolean }[] {
  const { apply, let: let_, key, initial } = scheme;
  const values = [...Object.values(let_ ?? {}), ...(key ?? [])];
  const calls = [scheme.obtain, scheme.refresh, scheme.recover, scheme.revoke].flatMap((operation) => tokenCalls(operation));
  const inCalls = calls.flatMap((call) => [
    ...(call.apply ?? []).flatMap(({ value }) => referencesInValue(value)),
    ...(call.parameters ?? []).flatMap(({ value }) => referencesInValue(value)),
    ...referencesInValue(call.requestBody?.payload ?? null),
    ...[call.let, call.outputs].flatMap((map) => Object.values(map ?? {})).flatMap((value) => referencesInValue(value)),
    ...referencesInCriteria(call.successCriteria).map((reference) => ({ reference, optional: true })),
  ]);
  const all: { reference: Reference; optional: boolean }[] = [
    ...apply.flatMap(({ value, required }) => referencesInValue(value, required === false)),
    ...values.flatMap((value) => referencesInValue(value)),
    ...Object.values(initial ?? {}).flatMap((value) => referencesInValue(value, true)),
    ...inCalls,
  ];
  return all.flatMap(({ reference, optional }) => (reference.root === "inputs" ? [{ input: reference.name, optional }] : []));
}

/** The calls of a token operation, in order: one, or the steps of a chain. */
export function tokenCalls(operation: TokenOperation | undefined): readonly TokenCall[] {
  if (operation === undefined) return [];
  return "steps" in operation ? operation.steps : [operation];
}

function readInputs(
  schemes: readonly (readonly [string, Json])[],
  read: Readonly<Record<string, SecurityScheme>>,
  operations: Readonly<Record<string, Operation>>,
): Readonly<Record<string, InputDeclaration>> {
  const inputs = new Map<string, InputDeclaration>();
  for (const [name, scheme] of schemes) {
    for (const [input, schema] of Object.entries(declaredInputs(name, scheme))) {
      const preset = schema["const"] ?? schema["default"];
      inputs.set(input, {
        ...((schema["format"] === "password" || schema["writeOnly"] === true) && { secret: true }),
        ...(hasDefault(schema) && { default: preset as string }),
        ...inputs.get(input),
      });
    }
  }
  const filled = Object.values(operations).flatMap(({ fill }) => (fill ?? []).flatMap(({ value }) => referencesInValue(value)));
  const referred = [
    ...Object.values(read).flatMap((scheme) => inputReferences(scheme)),
    ...filled.flatMap(({ reference }) => (reference.root === "inputs" ? [{ input: reference.name }] : [])),
  ];
  for (const { input } of referred) if (!inputs.has(input)) inputs.set(input, { secret: true });
  return Object.fromEntries(inputs);
}

function hasDefault(schema: Json | undefined): boolean {
  return schema !== undefined && ("default" in schema || "const" in schema);
}

function isScheme(scheme: Json, name: string): boolean {
  return scheme["type"] === "http" && text(scheme["scheme"])?.toLowerCase() === name;
}

function mapOf<T>(value: unknown): Readonly<Record<string, T>> | undefined {
  return isObject(value) ? (value as Readonly<Record<string, T>>) : undefined;
}

function members(value: unknown): [string, unknown][] {
  return Object.entries(object(value));
}

function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function array(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
