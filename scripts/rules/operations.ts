/** The operations of a document as they are written, each with its place. */

import { operationsOf } from "../../src/lifecycle/operations.js";
import type { Document } from "../spec/document.js";
import { child, children, type Node, nodeAt } from "../spec/node.js";
import { isObject, type Json, join, list, object } from "../spec/pointer.js";

export interface WrittenOperation {
  readonly pointer: string;
  readonly method: string;
  readonly path: string;
  readonly value: Json;
  /** As written; an operation without a usable one has none. */
  readonly id?: string;
  /** How messages call it: by its id, else by method and path. */
  readonly label: string;
  /** Those of the path and its own, references followed; its own come last and win. */
  readonly parameters: readonly WrittenParameter[];
  /** The alternatives that hold for it: its own, else the document's. */
  readonly security: readonly Node[];
}

export interface WrittenParameter {
  readonly pointer: string;
  readonly value: Json;
  readonly name: string;
  readonly in: string;
}

/** A documented response: the Response Object, and what it stands for. */
export interface WrittenResponse {
  /** As it is written: `200`, `4XX` or `default`. */
  readonly status: string;
  /** Every status that it stands for: those of its own that no other response of the operation names more exactly. */
  readonly statuses: readonly number[];
  readonly node: Node;
}

export function readOperations(document: Document): WrittenOperation[] {
  return children(document, nodeAt(document, "/paths")).flatMap(([path, item]) => {
    return operationsOf(object(item.value)).map(({ method, operation: value, place }): WrittenOperation => {
      const pointer = join(item.pointer, ...place);
      const id = value["operationId"];
      const isNamed = typeof id === "string" && id !== "";
      return {
        pointer,
        method,
        path,
        value,
        ...(isNamed && { id }),
        label: isNamed ? id : `${method.toUpperCase()} ${path}`,
        parameters: readParameters(document, item, { pointer, value }),
        security: readSecurity(document, pointer, value),
      };
    });
  });
}

/** The documented responses of an operation, references followed. */
export function responsesOf(document: Document, operation: WrittenOperation): WrittenResponse[] {
  const responses = children(document, child(document, operation, "responses"));
  const meant = new Map(
    STATUSES.map((status) => [
      status,
      mostExact(
        status,
        responses.map(([name]) => name),
      ),
    ]),
  );
  return responses.map(([status, node]) => ({
    status,
    statuses: STATUSES.filter((one) => meant.get(one) === status),
    node,
  }));
}

const STATUSES = Array.from({ length: 500 }, (_, index) => 100 + index);

/** @see https://spec.openapis.org/oas/v3.1.1#responses-object */
function mostExact(status: number, names: readonly string[]): string | undefined {
  const range = `${Math.floor(status / 100)}XX`;
  return [String(status), range, range.toLowerCase(), "default"].find((name) => names.includes(name));
}

function readParameters(document: Document, ...owners: readonly Node[]): WrittenParameter[] {
  const byPlace = new Map<string, WrittenParameter>();
  for (const owner of owners) {
    for (const [, { pointer, value }] of children(document, child(document, owner, "parameters"))) {
      if (!isObject(value)) continue;
      const name = String(value["name"]);
      const place = String(value["in"]);
      byPlace.set(`${place} ${name}`, { pointer, value, name, in: place });
    }
  }
  return [...byPlace.values()];
}

function readSecurity(document: Document, pointer: string, operation: Json): Node[] {
  const owner = operation["security"] === undefined ? "" : pointer;
  const stated = owner === "" ? object(document.root)["security"] : operation["security"];
  return list(stated).map((value, index) => ({ pointer: join(owner, "security", index), value }));
}
