/** Where the items of each row stand: near those that they are joined with, in their order, and apart from each other. */

import type { Item, Route } from "./rows.js";

export interface Gaps {
  /** Between neighbours of a row. */
  readonly beside: number;
  /** Between rows. */
  readonly between: number;
}

export interface Places {
  readonly x: ReadonlyMap<Item, number>;
  /** The centre of each row, and its height. */
  readonly rows: readonly { readonly y: number; readonly height: number }[];
  readonly width: number;
  readonly height: number;
}

/** Links that pass rows are drawn straight before boxes are drawn near. */
const WEIGHTS = { points: 12, mixed: 2, boxes: 1 };
const ROUNDS = 200;
const STRAIGHTENINGS = 3;

export function placeItems(rows: readonly (readonly Item[])[], routes: readonly Route[], { beside, between }: Gaps): Places {
  const x = new Map<Item, number>();
  for (const row of rows) {
    let next = 0;
    for (const item of row) {
      x.set(item, next + item.left);
      next += item.left + item.right + beside;
    }
  }
  const joined = joins(routes);
  for (let round = 0; round < ROUNDS; round += 1) {
    const order = round % 2 === 0 ? rows : [...rows].reverse();
    for (const row of order) settle(row, x, joined, beside);
  }
  for (let round = 0; round < STRAIGHTENINGS; round += 1) {
    for (const { items } of routes) straighten(items.slice(1, -1), rows, x, beside);
  }
  const left = Math.min(...rows.flat().map((item) => x.get(item)! - item.left));
  const right = Math.max(...rows.flat().map((item) => x.get(item)! + item.right));
  let y = 0;
  const placed = rows.map((row) => {
    const height = Math.max(0, ...row.map((item) => item.height));
    const place = { y: y + height / 2, height };
    y += height + between;
    return place;
  });
  return {
    x: new Map([...x].map(([item, value]) => [item, value - left])),
    rows: placed,
    width: right - left,
    height: y - between,
  };
}

/** Lets the points of a link stand below each other, as many at a time as their neighbours leave room for. */
function straighten(points: readonly Item[], rows: readonly (readonly Item[])[], x: Map<Item, number>, beside: number): void {
  const room = points.map((point): readonly [number, number] => {
    const row = rows.find((one) => one.includes(point))!;
    const index = row.indexOf(point);
    const [before, after] = [row[index - 1], row[index + 1]];
    return [
      before === undefined ? Number.NEGATIVE_INFINITY : x.get(before)! + before.right + beside + point.left,
      after === undefined ? Number.POSITIVE_INFINITY : x.get(after)! - after.left - beside - point.right,
    ];
  });
  for (let from = 0; from < points.length; ) {
    let [low, high] = room[from]!;
    let to = from + 1;
    for (; to < points.length; to += 1) {
      const [least, most] = room[to]!;
      if (Math.max(low, least) > Math.min(high, most)) break;
      [low, high] = [Math.max(low, least), Math.min(high, most)];
    }
    const run = points.slice(from, to);
    const mean = run.reduce((total, point) => total + x.get(point)!, 0) / run.length;
    for (const point of run) x.set(point, Math.min(Math.max(mean, low), high));
    from = to;
  }
}

interface Join {
  readonly item: Item;
  readonly weight: number;
}

function joins(routes: readonly Route[]): ReadonlyMap<Item, readonly Join[]> {
  const found = new Map<Item, Join[]>();
  const add = (item: Item, join: Join) => found.set(item, [...(found.get(item) ?? []), join]);
  for (const { items } of routes) {
    items.slice(1).forEach((item, index) => {
      const before = items[index]!;
      const points = [item, before].filter(({ box }) => box === undefined).length;
      const weight = points === 2 ? WEIGHTS.points : points === 1 ? WEIGHTS.mixed : WEIGHTS.boxes;
      add(item, { item: before, weight });
      add(before, { item, weight });
    });
  }
  return found;
}

/**
 * Moves the items of a row to where they are wanted, as far as their order and their room allow: the least sum of squares,
 * found by pooling those that are in each other's way (isotonic regression).
 */
function settle(row: readonly Item[], x: Map<Item, number>, joined: ReadonlyMap<Item, readonly Join[]>, beside: number): void {
  interface Pool {
    readonly count: number;
    readonly weight: number;
    readonly wanted: number;
  }
  const pools: Pool[] = [];
  const offsets: number[] = [];
  row.forEach((item, index) => {
    const before = row[index - 1];
    offsets.push(before === undefined ? 0 : offsets[index - 1]! + before.right + beside + item.left);
    const near = joined.get(item) ?? [];
    const weight = near.reduce((total, join) => total + join.weight, 0);
    const sum = near.reduce((total, join) => total + join.weight * x.get(join.item)!, 0);
    const wanted = (weight > 0 ? sum / weight : x.get(item)!) - offsets[index]!;
    pools.push({ count: 1, weight: Math.max(weight, 1), wanted });
    for (
      let last = pools.at(-1)!, prior = pools.at(-2);
      prior !== undefined && prior.wanted > last.wanted;
      prior = pools.at(-2)
    ) {
      const total = prior.weight + last.weight;
      const pooled = (prior.wanted * prior.weight + last.wanted * last.weight) / total;
      pools.splice(-2, 2, { count: prior.count + last.count, weight: total, wanted: pooled });
      last = pools.at(-1)!;
    }
  });
  let at = 0;
  for (const { count, wanted } of pools) {
    for (const end = at + count; at < end; at += 1) x.set(row[at]!, wanted + offsets[at]!);
  }
}
