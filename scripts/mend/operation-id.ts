/** Every operation gets a name of its own, and what refers to it by another one follows. */

import { LIFECYCLE } from "../../src/lifecycle/definition.js";
import { type NamedOperation, nameOperations } from "../../src/lifecycle/operations.js";
import { isObject, type Json, join, object } from "../spec/pointer.js";
import type { Mending } from "./mending.js";
import { mapMembers, withMember } from "./rewrite.js";
import { OPERATION_ID } from "./rules.js";

/**
 * Path items whose operations are named stand in `paths` themselves afterwards, as two paths that share one by reference have
 * each their own operations.
 */
export function mendOperationIds(root: Json, mending: Mending): Json {
  const operations = nameOperations(root, (value) => mending.dereference(value));
  const renamed = operations.filter(({ reason }) => reason !== undefined);
  if (renamed.length === 0) return root;
  const owners = new Map(operations.toReversed().map((operation) => [operation.stated, operation]));
  for (const operation of renamed) mending.tell(OPERATION_ID, told(operation, owners));

  const named = new Map<string, Json>();
  for (const operation of renamed) {
    named.set(operation.path, withName(named.get(operation.path) ?? operation.pathItem, operation));
  }
  const paths = mapMembers(object(root["paths"]), (item, path) => named.get(path) ?? item);
  const names = new Map(
    renamed.flatMap(({ stated, reason, name }) => (stated === undefined || reason === "duplicate" ? [] : [[stated, name]])),
  );
  return withCallsRenamed({ ...root, paths }, names);
}

function told({ stated, reason, name, pointer, method, path }: NamedOperation, owners: ReadonlyMap<unknown, NamedOperation>) {
  const label = `${method.toUpperCase()} ${path}`;
  const place = join(pointer, "operationId");
  switch (reason) {
    case "missing": {
      const message = `${label} has no operationId; the client calls it "${name}"`;
      return { pointer, part: "key" as const, message, hint: "state one to choose the name" };
    }
    case "duplicate": {
      const { method: firstMethod, path: firstPath } = owners.get(stated)!;
      const message = `"${stated}" is the operationId of ${firstMethod.toUpperCase()} ${firstPath} as well; ${label} becomes "${name}"`;
      return { pointer: place, message, hint: "give each operation an operationId of its own" };
    }
    default: {
      const owner = reason === "client" ? "every client" : "every object";
      const message = `"${stated}" is a name that ${owner} has already; the operation becomes "${name}"`;
      return { pointer: place, message, hint: "name what the operation does to what" };
    }
  }
}

function withName(owner: Json, { place: [member, ...rest], name }: Pick<NamedOperation, "place" | "name">): Json {
  if (member === undefined) return withMember(owner, "operationId", name);
  return withMember(owner, member, withName(object(owner[member]), { place: rest, name }));
}

const ROLES = ["obtain", "refresh", "recover", "revoke"];

/** Token calls name operations by what is written; they follow those that go by another name. */
function withCallsRenamed(root: Json, names: ReadonlyMap<unknown, string>): Json {
  if (names.size === 0) return root;
  const renamed = (call: unknown): unknown => {
    if (!isObject(call)) return call;
    const { operationId, steps } = call;
    const named = withMember(call, "operationId", names.get(operationId) ?? operationId);
    return Array.isArray(steps) ? withMember(named, "steps", steps.map(renamed)) : named;
  };
  const components = object(root["components"]);
  const schemes = mapMembers(object(components["securitySchemes"]), (scheme) => {
    if (!isObject(scheme) || !isObject(scheme[LIFECYCLE])) return scheme;
    const lifecycle = mapMembers(scheme[LIFECYCLE], (value, role) => (ROLES.includes(role) ? renamed(value) : value));
    return withMember(scheme, LIFECYCLE, lifecycle);
  });
  if (schemes === components["securitySchemes"] || components["securitySchemes"] === undefined) return root;
  return { ...root, components: { ...components, securitySchemes: schemes } };
}
