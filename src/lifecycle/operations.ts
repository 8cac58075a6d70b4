/** The operations of a document, wherever OpenAPI lets them stand, and the name that each goes by. */

import type { HttpMethod } from "./contract.js";
import { at } from "./expression.js";

type Json = Readonly<Record<string, unknown>>;

/** The methods that have a member of their own in a Path Item Object; `query` since OpenAPI 3.2. */
export const HTTP_METHODS: readonly HttpMethod[] = [
  "get",
  "put",
  "post",
  "delete",
  "options",
  "head",
  "patch",
  "trace",
  "query",
];

/** The member that holds operations of any other method, by the method as it goes on the wire. OpenAPI 3.2. */
const ADDITIONAL = "additionalOperations";

/** An operation and its place. */
export interface PlacedOperation {
  readonly path: string;
  /** The JSON Pointer to it, by way of its path. */
  readonly pointer: string;
  /** In lower case for the methods that OpenAPI has a member for, else as it goes on the wire. */
  readonly method: string;
  /** References followed. */
  readonly pathItem: Json;
  readonly operation: Json;
  /** The members that lead from the path item to the operation. */
  readonly place: readonly string[];
}

/** An operation and the name by which clients, token calls and the sandbox know it. */
export interface NamedOperation extends PlacedOperation {
  readonly name: string;
  /** The `operationId` as it is written, when there is one. */
  readonly stated?: string;
  /** Why the name is not what is written. */
  readonly reason?: RenamingReason;
}

export type RenamingReason = "missing" | "duplicate" | "client" | "object";

/** The operations of a Path Item Object, in the order of the methods. */
export function operationsOf(pathItem: Json): Pick<PlacedOperation, "method" | "operation" | "place">[] {
  const own = HTTP_METHODS.flatMap((method) => placed(pathItem[method], method, [method]));
  const additional = pathItem[ADDITIONAL];
  if (!isObject(additional)) return own;
  return [...own, ...Object.entries(additional).flatMap(([method, value]) => placed(value, method, [ADDITIONAL, method]))];
}

/** The operation of a Path Item Object by its method. */
export function operationOf(pathItem: Json, method: string): Json | undefined {
  const own = HTTP_METHODS.includes(method as HttpMethod) ? pathItem[method] : at(pathItem[ADDITIONAL], pointerTo(method));
  return isObject(own) ? own : undefined;
}

/**
 * Every operation under `paths`, in the order of the document. A name is the `operationId`; the second operation that states
 * the same one, and one that states none, is named after its method and path, which changes with no other operation. A name
 * that every client or every object has already gets `_` at its end.
 *
 * @param pathItemOf follows the references of a path item.
 */
export function nameOperations(document: unknown, pathItemOf: (value: unknown) => unknown): readonly NamedOperation[] {
  const all = placedOperations(document, pathItemOf);
  const stated = all.map(({ operation }) => idOf(operation));
  const taken = new Set(stated.filter((id) => id !== undefined));
  const seen = new Set<string>();
  return all.map((placed, index): NamedOperation => {
    const id = stated[index];
    const clash = id === undefined ? "missing" : seen.has(id) ? "duplicate" : clashOf(id);
    if (id !== undefined) seen.add(id);
    if (id !== undefined && clash === undefined) return { ...placed, stated: id, name: id };
    const name = free(proposal(id, clash, placed), taken);
    taken.add(name);
    return { ...placed, ...(id !== undefined && { stated: id }), name, ...(clash !== undefined && { reason: clash }) };
  });
}

/** The `operationId` of an operation that states one; an empty one is none. */
function idOf({ operationId }: Json): string | undefined {
  return typeof operationId === "string" && operationId !== "" ? operationId : undefined;
}

function placedOperations(document: unknown, pathItemOf: (value: unknown) => unknown): PlacedOperation[] {
  const paths = at(document, "/paths");
  if (!isObject(paths)) return [];
  return Object.entries(paths).flatMap(([path, value]) => {
    const pathItem = path.startsWith("x-") ? undefined : pathItemOf(value);
    if (!isObject(pathItem)) return [];
    return operationsOf(pathItem).map((operation) => {
      return { path, pathItem, ...operation, pointer: pointerTo("paths", path, ...operation.place) };
    });
  });
}

function proposal(id: string | undefined, clash: RenamingReason | undefined, { method, path }: PlacedOperation): string {
  if (id === undefined) return nameOf(method, path);
  if (clash !== "duplicate") return `${id}_`;
  const made = nameOf(method, path);
  return id + made.charAt(0).toUpperCase() + made.slice(1);
}

/** `GET /users/{id}/posts` is `getUsersByIdPosts`. */
function nameOf(method: string, path: string): string {
  const words = path.replace(/\{([^{}]*)\}/g, "/by/$1/").split(/[^A-Za-z0-9]+/);
  const end = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  const verb = method.toLowerCase().replace(/[^a-z0-9]+/g, "") || "call";
  return `${verb.replace(/^(?=\d)/, "call")}${end || "Root"}`;
}

function free(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name) && clashOf(name) === undefined) return name;
  const isMarked = name.endsWith("_");
  for (let count = 2; ; count += 1) {
    const next = isMarked ? `${name}${"_".repeat(count - 1)}` : `${name}${count}`;
    if (!taken.has(next)) return next;
  }
}

/** What a client has beside its operations. `then` is nobody's, but with it a client would be taken for a promise. */
const CLIENT_MEMBERS: ReadonlySet<string> = new Set(
  "GET PUT POST DELETE OPTIONS HEAD PATCH TRACE request use eject with state renew revoke close then".split(" "),
);

function clashOf(name: string): "client" | "object" | undefined {
  if (CLIENT_MEMBERS.has(name)) return "client";
  return name in Object.prototype ? "object" : undefined;
}

function placed(value: unknown, method: string, place: readonly string[]) {
  return isObject(value) ? [{ method, operation: value, place }] : [];
}

function pointerTo(...tokens: readonly string[]): string {
  return tokens.map((token) => `/${token.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
