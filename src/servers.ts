import type { ApiDefinition, Server } from "./lifecycle/contract.js";

interface ServerChoice {
  readonly server?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly baseUrl?: string;
}

/**
 * The address that operations are relative to, without a slash at its end.
 *
 * @throws {TypeError} when there is no server of that name, or a variable has no such value.
 */
export function baseUrlOf({ name, servers }: ApiDefinition, { server, variables, baseUrl }: ServerChoice): string {
  if (baseUrl !== undefined) return withoutSlash(baseUrl);
  const chosen = server === undefined ? servers[0] : servers.find((one) => one.name === server);
  if (chosen === undefined) {
    const names = servers.flatMap((one) => one.name ?? []).join(", ");
    throw new TypeError(`"${server}" is not a server of ${name}; it has ${names || "none with a name"}`);
  }
  return withoutSlash(addressOf(chosen, variables));
}

/** An address as it begins a URL: absolute where the platform has an address of its own, as a page does. */
export function absolute(address: string): string {
  const page = (globalThis as { readonly location?: { readonly href: string } }).location?.href;
  const url = URL.canParse(address, page) ? new URL(address, page) : undefined;
  return withoutSlash(url?.protocol.startsWith("http") === true ? url.origin + url.pathname : address);
}

/** The origins that credentials may go to: those of the document's servers, and of the address in use. */
export function originsOf({ servers }: ApiDefinition, address: string): ReadonlySet<string> {
  const addresses = [address, ...servers.map((server) => addressOf(server))];
  return new Set(addresses.flatMap((address) => (URL.canParse(address) ? new URL(address).origin : [])));
}

function addressOf({ url, variables = {} }: Server, chosen: Readonly<Record<string, string>> = {}): string {
  return url.replace(/\{([^{}]+)\}/g, (placeholder, name: string) => {
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
    const value = chosen[name] ?? variable?.default ?? placeholder;
    if (variable?.enum !== undefined && !variable.enum.includes(value)) {
      throw new TypeError(`variables.${name} is "${value}"; it can be ${variable.enum.join(", ")}`);
    }
    return value;
  });
}

function withoutSlash(address: string): string {
  return address.endsWith("/") ? address.slice(0, -1) : address;
}
