/** Paths that requests could not be sent to. */

import { type Json, join, object } from "../spec/pointer.js";
import type { Mending } from "./mending.js";
import { withMember } from "./rewrite.js";
import { PATH_NAME } from "./rules.js";

export function mendPathNames(root: Json, mending: Mending): Json {
  const paths = object(root["paths"]);
  if (Object.keys(paths).every((path) => path.startsWith("/") || path.startsWith("x-"))) return root;
  const taken = new Set(Object.keys(paths));
  const mended = Object.entries(paths).flatMap(([path, item]): [string, unknown][] => {
    if (path.startsWith("/") || path.startsWith("x-")) return [[path, item]];
    const pointer = join("/paths", path);
    const name = `/${withoutOrigin(path)}`;
    const isFree = !taken.has(name);
    const outcome = isFree ? `"${name}" is taken` : `as there is "${name}", it is left out`;
    mending.tell(PATH_NAME, { pointer, part: "key", message: `the path "${path}" does not begin with a slash; ${outcome}` });
    if (!isFree) return [];
    taken.add(name);
    mending.move(pointer, join("/paths", name));
    return [[name, item]];
  });
  return withMember(root, "paths", Object.fromEntries(mended));
}

/** A whole address is the path within its server. */
function withoutOrigin(path: string): string {
  return path.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*\/?/i, "");
}
