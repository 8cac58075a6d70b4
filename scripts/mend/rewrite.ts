/** Changes to plain data that share whatever stays the same: what nobody mends is neither copied nor touched. */

import type { Json } from "../spec/pointer.js";

/** The map with each member rewritten; a member that becomes `undefined` is left out. The same map when nothing changes. */
export function mapMembers(map: Json, rewrite: (value: unknown, name: string) => unknown): Json {
  let changed: [string, unknown][] | undefined;
  const entries = Object.entries(map);
  entries.forEach(([name, value], index) => {
    const next = rewrite(value, name);
    if (next !== value) changed ??= entries.slice(0, index);
    if (changed !== undefined && next !== undefined) changed.push([name, next]);
  });
  return changed === undefined ? map : Object.fromEntries(changed);
}

/** The map with one member of another value, or without it where that is `undefined`. The same map when nothing changes. */
export function withMember(map: Json, name: string, value: unknown): Json {
  if (map[name] === value && (value !== undefined || !Object.hasOwn(map, name))) return map;
  if (Object.hasOwn(map, name)) return mapMembers(map, (before, key) => (key === name ? value : before));
  return value === undefined ? map : { ...map, [name]: value };
}
