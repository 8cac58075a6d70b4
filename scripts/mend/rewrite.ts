/** Changes to plain data that share whatever stays the same: what nobody mends is neither copied nor touched. */

import { type Json, put } from "../spec/pointer.js";

/** The map with each member rewritten; a member that becomes `undefined` is left out. The same map when nothing changes. */
export function mapMembers(map: Json, rewrite: (value: unknown, name: string) => unknown): Json {
  const names = Object.keys(map);
  let changed: Record<string, unknown> | undefined;
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] as string;
    const value = map[name];
    const next = rewrite(value, name);
    if (next !== value && changed === undefined) {
      changed = {};
      for (const before of names.slice(0, index)) put(changed, before, map[before]);
    }
    if (changed !== undefined && next !== undefined) put(changed, name, next);
  }
  return changed ?? map;
}

/** The map with one member of another value, or without it where that is `undefined`. The same map when nothing changes. */
export function withMember(map: Json, name: string, value: unknown): Json {
  if (map[name] === value && (value !== undefined || !Object.hasOwn(map, name))) return map;
  if (Object.hasOwn(map, name)) return mapMembers(map, (before, key) => (key === name ? value : before));
  return value === undefined ? map : { ...map, [name]: value };
}
