/**
 * Rows of items: the boxes, and for each row that a link passes a point of it, one of which carries the label. Within the rows
 * they are put in an order in which few links cross.
 */

import type { Box, Link, Size } from "./graph.js";
import { type DownLink, rank, turnDown } from "./rank.js";

export interface Item {
  /** The box that it is; left out for a point of a link. */
  readonly box?: Box;
  /** Whether it carries the label of its link. */
  readonly isLabel: boolean;
  /** What it takes from its centre to the left and to the right. */
  readonly left: number;
  readonly right: number;
  readonly height: number;
}

/** A link with the items that it passes, from the upper box to the lower one, both included. */
export interface Route {
  readonly link: number;
  readonly isReversed: boolean;
  readonly items: readonly Item[];
}

export interface Rows {
  readonly rows: readonly (readonly Item[])[];
  readonly routes: readonly Route[];
}

/** @param loopRoom what the loops at a box take at its right side, one below the other. */
export function layRows(boxes: readonly Box[], links: readonly Link[], loopRoom: (id: string) => Size): Rows {
  const down = turnDown(boxes, links);
  const rowOf = rank(boxes, down);
  const rows: Item[][] = Array.from({ length: Math.max(0, ...rowOf.values()) + 1 }, () => []);
  const itemOf = new Map<string, Item>();
  for (const box of boxes) {
    const loops = loopRoom(box.id);
    const height = Math.max(box.height, loops.height);
    const item = { box, isLabel: false, left: box.width / 2, right: box.width / 2 + loops.width, height };
    itemOf.set(box.id, item);
    rows[rowOf.get(box.id)!]!.push(item);
  }
  const labelRoom = rows.map(() => 0);
  const routes = down.flatMap(({ upper, lower, isReversed }: DownLink, index): Route[] => {
    if (upper === lower) return [];
    const first = rowOf.get(upper)!;
    const last = rowOf.get(lower)!;
    const label = links[index]?.label;
    const labelRow = label && roomiest(labelRoom, first, last, isReversed);
    if (label !== undefined && labelRow !== undefined) labelRoom[labelRow]! += label.width;
    const passed = Array.from({ length: last - first - 1 }, (_, offset) => {
      const row = first + 1 + offset;
      const size = row === labelRow && label ? label : { width: POINT_WIDTH, height: 0 };
      const half = size.width / 2;
      const item = { isLabel: row === labelRow, left: half, right: half, height: size.height };
      rows[row]!.push(item);
      return item;
    });
    return [{ link: index, isReversed, items: [itemOf.get(upper)!, ...passed, itemOf.get(lower)!] }];
  });
  return { rows: uncross(rows, routes), routes };
}

const POINT_WIDTH = 8;
const SWEEPS = 24;

/** The row between two boxes in which labels take least; of equals the one next to the link's start. */
function roomiest(labelRoom: readonly number[], first: number, last: number, isReversed: boolean): number {
  const between = labelRoom.map((_, row) => row).filter((row) => row > first && row < last && row % 2 === 1);
  const fromStart = isReversed ? between.reverse() : between;
  return fromStart.reduce((best, row) => (labelRoom[row]! < labelRoom[best]! ? row : best));
}

/** The best order that sweeps down and up find: each item goes to the mean of its neighbours in the row before. */
function uncross(rows: readonly Item[][], routes: readonly Route[]): Item[][] {
  const above = neighbours(routes, -1);
  const below = neighbours(routes, 1);
  let current = rows.map((row) => [...row]);
  let best = current;
  let fewest = crossings(current, below);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    current = swept(current, sweep % 2 === 0 ? above : below, sweep % 2 === 0);
    exchange(current, above, below);
    const count = crossings(current, below);
    if (count >= fewest) continue;
    best = current;
    fewest = count;
  }
  return best;
}

function neighbours(routes: readonly Route[], step: 1 | -1): ReadonlyMap<Item, readonly Item[]> {
  const found = new Map<Item, Item[]>();
  for (const { items } of routes) {
    items.forEach((item, index) => {
      const next = items[index + step];
      if (next !== undefined) found.set(item, [...(found.get(item) ?? []), next]);
    });
  }
  return found;
}

function swept(rows: readonly Item[][], toward: ReadonlyMap<Item, readonly Item[]>, isDown: boolean): Item[][] {
  const result = rows.map((row) => [...row]);
  const order = result.map((_, index) => index);
  for (const index of isDown ? order : order.reverse()) {
    const before = result[isDown ? index - 1 : index + 1];
    const row = result[index]!;
    if (before === undefined) continue;
    const place = new Map(before.map((item, position) => [item, position / before.length]));
    const wanted = new Map(
      row.map((item, position) => {
        const near = toward.get(item) ?? [];
        const sum = near.reduce((total, one) => total + place.get(one)!, 0);
        return [item, near.length > 0 ? sum / near.length : position / row.length];
      }),
    );
    result[index] = row.toSorted((a, b) => wanted.get(a)! - wanted.get(b)!);
  }
  return result;
}

/** Lets neighbours change places for as long as fewer links cross for it. */
function exchange(
  rows: readonly Item[][],
  above: ReadonlyMap<Item, readonly Item[]>,
  below: ReadonlyMap<Item, readonly Item[]>,
): void {
  let isBetter = true;
  while (isBetter) {
    isBetter = false;
    rows.forEach((row, index) => {
      for (let at = 0; at + 1 < row.length; at += 1) {
        const [one, other] = [row[at]!, row[at + 1]!];
        const count = (left: Item, right: Item) =>
          inversions(left, right, above, rows[index - 1] ?? []) + inversions(left, right, below, rows[index + 1] ?? []);
        if (count(other, one) >= count(one, other)) continue;
        row[at] = other;
        row[at + 1] = one;
        isBetter = true;
      }
    });
  }
}

/** How many links of two items cross when one stands left of the other. */
function inversions(left: Item, right: Item, toward: ReadonlyMap<Item, readonly Item[]>, row: readonly Item[]): number {
  const of = (item: Item) => (toward.get(item) ?? []).map((near) => row.indexOf(near));
  const others = of(right);
  return of(left).reduce((total, place) => total + others.filter((other) => other < place).length, 0);
}

function crossings(rows: readonly (readonly Item[])[], below: ReadonlyMap<Item, readonly Item[]>): number {
  let total = 0;
  rows.forEach((row, index) => {
    row.forEach((left, at) => {
      for (const right of row.slice(at + 1)) total += inversions(left, right, below, rows[index + 1] ?? []);
    });
  });
  return total;
}
