/** The extensions of the language, and on which objects they stand. */

import { FILL, LIFECYCLE, SERVER_NAME } from "../../src/lifecycle/definition.js";
import { nodeAt } from "../spec/node.js";
import { isObject } from "../spec/pointer.js";
import type { Context } from "./context.js";
import type { WrittenParameter } from "./operations.js";

export interface OwnExtension {
  readonly name: string;
  /** The object that it extends, as OpenAPI calls it. */
  readonly object: string;
  /** Whether a pointer leads to such an object. */
  readonly stands: (pointer: string) => boolean;
}

/** The closed list. */
export const OWN_EXTENSIONS: readonly OwnExtension[] = [
  { name: LIFECYCLE, object: "Security Scheme Object", stands: (pointer) => SECURITY_SCHEME.test(pointer) },
  { name: FILL, object: "Parameter Object", stands: (pointer) => PARAMETER.test(pointer) },
  { name: SERVER_NAME, object: "Server Object", stands: (pointer) => SERVER.test(pointer) },
];

const SECURITY_SCHEME = /^\/components\/securitySchemes\/[^/]+$/;
const PARAMETER = /(?:^\/components\/parameters\/[^/]+|^\/(?:paths|webhooks|components)\/.*\/parameters\/\d+)$/;
const SERVER = /(?:^|\/)servers\/\d+$|\/server$/;

/** A parameter with a value for when the caller leaves it out. */
export interface Fill {
  /** Leads to the value. */
  readonly pointer: string;
  readonly value: unknown;
  readonly parameter: WrittenParameter;
}

export function fills({ document, extensions }: Context): Fill[] {
  return extensions.flatMap(({ name, owner, pointer, value }) => {
    const parameter = nodeAt(document, owner)?.value;
    if (name !== FILL || !PARAMETER.test(owner) || !isObject(parameter)) return [];
    const described = { pointer: owner, value: parameter, name: String(parameter["name"]), in: String(parameter["in"]) };
    return [{ pointer, value, parameter: described }];
  });
}
