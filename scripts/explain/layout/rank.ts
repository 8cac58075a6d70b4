/** Which row each box goes into: as many links as possible lead downwards, and none stays within a row. */

import type { Box, Link } from "./graph.js";

/** A link as it goes down: `isReversed` when it is drawn upwards. */
export interface DownLink {
  readonly upper: string;
  readonly lower: string;
  readonly isReversed: boolean;
}

/** Every link turned so that there is no way round in a circle; links from a box to itself are left as they are. */
export function turnDown(boxes: readonly Box[], links: readonly Link[]): DownLink[] {
  const place = depthFirst(boxes, links);
  return links.map(({ from, to }) => {
    const isReversed = place.get(to)! < place.get(from)!;
    return { upper: isReversed ? to : from, lower: isReversed ? from : to, isReversed };
  });
}

/** The rows of the boxes: two apart at least where a link joins them, for its label to go between. */
export function rank(boxes: readonly Box[], links: readonly DownLink[]): ReadonlyMap<string, number> {
  const rows = new Map(boxes.map(({ id }) => [id, 0]));
  const between = links.filter(({ upper, lower }) => upper !== lower);
  // Without circles the longest way has fewer links than there are boxes.
  for (let round = 0; round < boxes.length; round += 1) {
    for (const { upper, lower } of between) rows.set(lower, Math.max(rows.get(lower)!, rows.get(upper)! + 2));
  }
  return rows;
}

/** An order in which a box comes before those that are reached from it, but for those on the way to it. */
function depthFirst(boxes: readonly Box[], links: readonly Link[]): ReadonlyMap<string, number> {
  const done: string[] = [];
  const seen = new Set<string>();
  const visit = (id: string): void => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const { from, to } of links) if (from === id) visit(to);
    done.unshift(id);
  };
  for (const { id } of boxes) visit(id);
  return new Map(done.map((id, index) => [id, index]));
}
