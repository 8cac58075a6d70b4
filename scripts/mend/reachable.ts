/** The components that a document still needs when operations have been left out. */

import { isObject, type Json, localTarget, object, tokensOf } from "../spec/pointer.js";

/** The document without components that nothing leads to. Security schemes stay: requirements name them, and lifecycles. */
export function withoutUnreached(root: Json): Json {
  const components = object(root["components"]);
  const reached = new Set<string>();
  const waiting: unknown[] = [{ ...root, components: undefined }, components["securitySchemes"]];
  const reach = (kind: string, name: string) => {
    const key = `${kind}/${name}`;
    if (reached.has(key)) return;
    reached.add(key);
    waiting.push(object(components[kind])[name]);
  };
  const seen = new Set<object>();
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (typeof part !== "object" || part === null || seen.has(part)) continue;
    seen.add(part);
    for (const [name, value] of Object.entries(part)) {
      if (name === "$ref" && typeof value === "string") reachReference(value, reach);
      else if (name === "mapping" && isObject(value)) {
        // Besides references, a mapping may hold bare names of schemas.
        for (const target of Object.values(value)) {
          if (typeof target !== "string") continue;
          reachReference(target, reach);
          reach("schemas", target);
        }
      } else if (typeof value === "object") waiting.push(value);
    }
  }
  const kept = Object.entries(components).map(([kind, members]) => {
    if (kind === "securitySchemes" || kind.startsWith("x-") || !isObject(members)) return [kind, members];
    return [kind, Object.fromEntries(Object.entries(members).filter(([name]) => reached.has(`${kind}/${name}`)))];
  });
  return root["components"] === undefined ? root : { ...root, components: Object.fromEntries(kept) };
}

function reachReference(reference: string, reach: (kind: string, name: string) => void): void {
  const [components, kind, name] = tokensOf(localTarget(reference) ?? "");
  if (components === "components" && kind !== undefined && name !== undefined) reach(kind, name);
}
