/** A layered drawing of boxes and labelled links (after Sugiyama, Tagawa and Toda, 1981): no label lies on a box or another label. */

import type { Box, Layout, Link, PlacedBox, PlacedLink, Point, Size } from "./graph.js";
import { type Gaps, type Places, placeItems } from "./place.js";
import { type Item, layRows, type Route, type Rows } from "./rows.js";

const GAPS: Gaps = { beside: 22, between: 28 };
/** How far a loop reaches out of its box, and how far its ends are apart. */
const LOOP = { reach: 26, spread: 9 };
/** How far apart links leave and arrive at most. */
const PORT_GAP = 26;

/** The same boxes and links are drawn the same way. Boxes that stand first are drawn near the top, where links allow it. */
export function layOut(boxes: readonly Box[], links: readonly Link[]): Layout {
  const loopsAt = (id: string) => links.filter(({ from, to }) => from === id && to === id);
  const loopRoom = (id: string): Size => {
    const loops = loopsAt(id);
    if (loops.length === 0) return { width: 0, height: 0 };
    const width = LOOP.reach + Math.max(...loops.map(({ label }) => label?.width ?? 0));
    return { width, height: loops.reduce((total, loop) => total + loopHeight(loop), 0) };
  };
  const laid = layRows(boxes, links, loopRoom);
  const places = placeItems(laid.rows, laid.routes, GAPS);
  const placed = placeBoxes(laid, places);
  const ports = portsOf(laid.routes, places);
  const routeOf = new Map(laid.routes.map((route) => [route.link, route]));
  return {
    width: places.width,
    height: places.height,
    boxes: placed,
    links: links.map((link, index) => {
      const route = routeOf.get(index);
      return route === undefined ? placeLoop(link, loopsAt(link.from), placed) : placeLink(link, route, laid, places, ports);
    }),
  };
}

function placeBoxes({ rows }: Rows, places: Places): PlacedBox[] {
  return rows.flatMap((row, index) =>
    row.flatMap((item) => (item.box === undefined ? [] : [{ ...item.box, x: places.x.get(item)!, y: places.rows[index]!.y }])),
  );
}

/** Where each route leaves its upper box and arrives at its lower one: side by side, in the order of where they go on. */
function portsOf(
  routes: readonly Route[],
  { x }: Places,
): ReadonlyMap<Route, { readonly top: number; readonly bottom: number }> {
  const ports = new Map(routes.map((route) => [route, { top: 0, bottom: 0 }]));
  const spread = (side: "top" | "bottom", end: (route: Route) => Item, next: (route: Route) => Item): void => {
    for (const box of new Set(routes.map(end))) {
      const joined = routes.filter((route) => end(route) === box).toSorted((a, b) => x.get(next(a))! - x.get(next(b))!);
      const gap = Math.min(PORT_GAP, (2 * box.left - 20) / joined.length);
      joined.forEach((route, index) => {
        ports.get(route)![side] = x.get(box)! + (index - (joined.length - 1) / 2) * Math.max(gap, 0);
      });
    }
  };
  spread(
    "top",
    ({ items }) => items[0]!,
    ({ items }) => items[1]!,
  );
  spread(
    "bottom",
    ({ items }) => items.at(-1)!,
    ({ items }) => items.at(-2)!,
  );
  return ports;
}

function placeLink(
  { from, to }: Link,
  route: Route,
  { rows }: Rows,
  places: Places,
  ports: ReadonlyMap<Route, { readonly top: number; readonly bottom: number }>,
): PlacedLink {
  const stretches: Point[][] = [[]];
  let label: Point | undefined;
  const rowOf = (item: Item) => places.rows[rows.findIndex((row) => row.includes(item))]!;
  const { items, isReversed } = route;
  items.forEach((item, index) => {
    const { y, height } = rowOf(item);
    const x = places.x.get(item)!;
    const stretch = stretches.at(-1)!;
    if (index === 0) stretch.push({ x: ports.get(route)!.top, y: y + item.box!.height / 2 });
    else if (index === items.length - 1) stretch.push({ x: ports.get(route)!.bottom, y: y - item.box!.height / 2 });
    else if (item.isLabel) {
      label = { x, y };
      stretch.push({ x, y: y - item.height / 2 });
      stretches.push([{ x, y: y + item.height / 2 }]);
    } else stretch.push({ x, y: y - height / 2 }, ...(height > 0 ? [{ x, y: y + height / 2 }] : []));
  });
  const inOrder = isReversed ? stretches.reverse().map((points) => points.reverse()) : stretches;
  return { from, to, stretches: inOrder, ...(label && { label }), isLoop: false };
}

function placeLoop(link: Link, loops: readonly Link[], boxes: readonly PlacedBox[]): PlacedLink {
  const { from, to, label } = link;
  const box = boxes.find(({ id }) => id === from)!;
  const side = box.x + box.width / 2;
  const heights = loops.map(loopHeight);
  const before = heights.slice(0, loops.indexOf(link)).reduce((total, height) => total + height, 0);
  const all = heights.reduce((total, height) => total + height, 0);
  const y = box.y - all / 2 + before + loopHeight(link) / 2;
  const spread = Math.min(LOOP.spread, box.height / (2 * loops.length));
  // Its ends stand on the side of the box, even where its label is above or below it.
  const middle = box.y + ((before + loopHeight(link) / 2) / all - 0.5) * box.height;
  const stretch = [
    { x: side, y: middle - spread },
    { x: side, y: middle + spread },
  ];
  return {
    from,
    to,
    stretches: [stretch],
    ...(label && { label: { x: side + LOOP.reach + label.width / 2, y } }),
    isLoop: true,
  };
}

function loopHeight({ label }: Link): number {
  return Math.max(2 * LOOP.spread + 4, label?.height ?? 0);
}
