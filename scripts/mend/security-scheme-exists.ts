/**
 * Requirements that name schemes which there are not. An alternative that nobody can satisfy is left out while another is
 * left. Where none is, the operation must not become one that is called without credentials: the scheme is then one whose
 * value the caller supplies, and until that is done the call is refused.
 */

import { operationsOf } from "../../src/lifecycle/operations.js";
import { suggest } from "../nearest.js";
import { isObject, type Json, join, list, object } from "../spec/pointer.js";
import type { Mending } from "./mending.js";
import { mapMembers, withMember } from "./rewrite.js";
import { SECURITY_SCHEME_EXISTS } from "./rules.js";

export function mendSecurity(root: Json, mending: Mending): Json {
  const schemes = Object.keys(object(object(root["components"])["securitySchemes"]));
  const requirements = new Requirements(schemes, mending);
  const secured = requirements.of(root, "");
  const { paths } = secured;
  const mended = isObject(paths)
    ? mapMembers(paths, (item, path) => {
        if (!isObject(item) || path.startsWith("x-")) return item;
        return operationsOf(item).reduce((pathItem, { place, operation }) => {
          return placed(pathItem, place, requirements.of(operation, join("/paths", path, ...place)));
        }, item);
      })
    : paths;
  return withSchemes(withMember(secured, "paths", mended), requirements.declared);
}

class Requirements {
  /** Schemes that are declared so that a call is refused until the caller supplies their value. */
  readonly declared = new Set<string>();
  readonly #schemes: ReadonlySet<string>;
  readonly #mending: Mending;

  constructor(schemes: readonly string[], mending: Mending) {
    this.#schemes = new Set(schemes);
    this.#mending = mending;
  }

  /** The owner of requirements, with those that can be satisfied. */
  of(owner: Json, pointer: string): Json {
    const security = list(owner["security"]).map(object);
    const isKnown = (requirement: Json) => Object.keys(requirement).every((name) => this.#schemes.has(name));
    if (security.every(isKnown)) return owner;
    const known = security.filter(isKnown);
    // A call without credentials is an alternative that the document offers, and no way out of the others.
    const isLeft = known.some((requirement) => Object.keys(requirement).length > 0);
    for (const [index, requirement] of security.entries()) {
      for (const name of Object.keys(requirement)) {
        if (!this.#schemes.has(name)) this.#tell(name, join(pointer, "security", index, name), isLeft);
      }
    }
    if (isLeft) return { ...owner, security: known };
    for (const name of security.flatMap(Object.keys)) if (!this.#schemes.has(name)) this.declared.add(name);
    return owner;
  }

  #tell(name: string, pointer: string, isLeft: boolean): void {
    const outcome = isLeft
      ? "the alternative is left out"
      : "calls are refused until an input of its name is given, which is sent as the header Authorization";
    const message = `there is no security scheme "${name}"; ${outcome}`;
    this.#mending.tell(SECURITY_SCHEME_EXISTS, { pointer, part: "key", message, hint: suggest(name, this.#schemes) });
  }
}

function withSchemes(root: Json, names: ReadonlySet<string>): Json {
  if (names.size === 0) return root;
  const components = object(root["components"]);
  const declared = Object.fromEntries(
    [...names].map((name) => [name, { type: "apiKey", in: "header", name: "Authorization" }]),
  );
  return {
    ...root,
    components: { ...components, securitySchemes: { ...object(components["securitySchemes"]), ...declared } },
  };
}

function placed(owner: Json, [member, ...rest]: readonly string[], operation: Json): Json {
  return member === undefined ? operation : withMember(owner, member, placed(object(owner[member]), rest, operation));
}
