import type { Features } from "./features.js";
import type { ApiDefinition, Operation, Server } from "./lifecycle/contract.js";

/** What a client says of where it sends to. */
export interface ServerChoice {
  readonly server?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly baseUrl?: string;
}

/**
 * The address that operations are relative to, without a slash at its end.
 *
 * @throws {TypeError} when there is no server of that name, a variable has no such value, or its value would lead to another
 * server.
 */
export function baseUrlOf(
  { name, servers }: ApiDefinition,
  { server, variables, baseUrl }: ServerChoice,
  features: Features,
): string {
  if (baseUrl !== undefined) return withoutSlash(baseUrl);
  const chosen = server === undefined ? servers[0] : servers.find((one) => one.name === server);
  if (chosen === undefined) {
    const names = servers.flatMap((one) => one.name ?? []).join(", ");
    throw new TypeError(`"${server}" is not a server of ${name}; it has ${names || "none with a name"}`);
  }
  return withoutSlash(addressOf(chosen, features, variables));
}

/**
 * Where an operation is sent: to the server of its own that bears the name of the chosen one, or else to its first; and to
 * the API's address where it has none, or the caller has named another address.
 *
 * @param address the API's own, which a relative one begins at.
 */
export function operationAddress(
  { servers: [first, ...others] = [] }: Operation,
  address: string,
  { server, variables, baseUrl }: ServerChoice,
  features: Features,
): string {
  if (first === undefined || baseUrl !== undefined) return address;
  const chosen = [first, ...others].find(({ name }) => name !== undefined && name === server) ?? first;
  const own = addressOf(chosen, features, variables);
  return absolute(URL.canParse(own, address) ? new URL(own, address).href : own);
}

/** An address as it begins a URL: absolute where the platform has an address of its own, as a page does. */
export function absolute(address: string): string {
  const page = (globalThis as { readonly location?: { readonly href: string } }).location?.href;
  const url = URL.canParse(address, page) ? new URL(address, page) : undefined;
  return withoutSlash(url?.protocol.startsWith("http") === true ? url.origin + url.pathname : address);
}

/** The origins that credentials may go to: those of the document's servers, and of the address in use. */
export function originsOf({ servers, operations }: ApiDefinition, address: string, features: Features): ReadonlySet<string> {
  const all = [...servers, ...Object.values(operations).flatMap((operation) => operation.servers ?? [])];
  const addresses = [address, ...all.map((server) => addressOf(server, features))];
  return new Set(addresses.flatMap((address) => (URL.canParse(address) ? new URL(address).origin : [])));
}

function addressOf(server: Server, features: Features, chosen?: Readonly<Record<string, string>>): string {
  return features.variables?.(server, chosen) ?? server.url;
}

/**
 * The address of a server, its variables filled.
 *
 * @throws {TypeError} when a variable has no such value, or its value would lead to another server.
 */
export function variables({ url, variables = {} }: Server, chosen: Readonly<Record<string, string>> = {}): string {
  return url.replace(/\{([^{}]+)\}/g, (placeholder, name: string, offset: number) => {
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
    const own = Object.hasOwn(chosen, name) ? chosen[name] : undefined;
    if (own !== undefined && leadsElsewhere(own, url.slice(0, offset), url.slice(offset + placeholder.length))) {
      throw new TypeError(`variables.${name} is ${JSON.stringify(own)}, which would lead to another server or path`);
    }
    const value = own ?? variable?.default ?? placeholder;
    if (variable?.enum !== undefined && !variable.enum.includes(value)) {
      throw new TypeError(`variables.${name} is "${value}"; it can be ${variable.enum.join(", ")}`);
    }
    return value;
  });
}

/**
 * Whether a caller's value would be more than its part of an address: the end of the host, or a way out of the path. Where the
 * address begins with it, or with a variable alone, there is nothing that it could lead away from.
 *
 * @param before what the document has before it.
 * @param after what the document has behind it.
 */
function leadsElsewhere(value: string, before: string, after: string): boolean {
  if (/^(?:\{[^{}]*\})*$/.test(before)) return false;
  const beginsPath = value.startsWith("/") && !before.endsWith("/") && /^(?:\/|$)/.test(after);
  const isHost = /^[^/?#]*\/\/[^/?#]*$/.test(before) && !beginsPath;
  return isHost ? !/^[^\s\p{Cc}/\\?#@%]*$/u.test(value) : /[\\?#\p{Cc}]|(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/iu.test(value);
}

function withoutSlash(address: string): string {
  return address.endsWith("/") ? address.slice(0, -1) : address;
}
