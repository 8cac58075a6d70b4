/** The one of that name; the mistake of a caller who knows another is answered with the names there are. */
export function named<T>(known: ReadonlyMap<string, T>, name: string, kind: string): T {
  const found = known.get(name);
  if (found === undefined) throw new TypeError(`there is no ${kind} "${name}"; there are ${[...known.keys()].join(", ")}`);
  return found;
}
