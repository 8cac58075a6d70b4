/** The picture's promise: whatever is drawn, no box and no label lies on another. */

import { describe, expect, test } from "vitest";
import type { Box, Layout, Link, Point, Size } from "../../scripts/explain/layout/graph.js";
import { layOut } from "../../scripts/explain/layout/layout.js";
import { fc } from "../support/random.js";

const size = fc.record({ width: fc.integer({ min: 8, max: 160 }), height: fc.integer({ min: 10, max: 60 }) });

const graph = fc.array(size, { minLength: 1, maxLength: 9 }).chain((sizes) => {
  const end = fc.nat(sizes.length - 1).map(String);
  const link = fc.record({ from: end, to: end, label: fc.option(size, { nil: undefined }) });
  return fc.record({
    boxes: fc.constant(sizes.map((one, index) => ({ id: String(index), ...one }))),
    links: fc.array(
      link.map(({ from, to, label }): Link => ({ from, to, ...(label && { label }) })),
      { maxLength: 16 },
    ),
  });
});

function areas({ boxes, links: placed }: Layout, links: readonly Link[]): (Point & Size)[] {
  const labels = placed.flatMap(({ label }, index) => (label === undefined ? [] : [{ ...label, ...links[index]!.label! }]));
  return [...boxes, ...labels];
}

function overlaps(one: Point & Size, other: Point & Size): boolean {
  const slack = 0.01;
  return (
    Math.abs(one.x - other.x) + slack < (one.width + other.width) / 2 &&
    Math.abs(one.y - other.y) + slack < (one.height + other.height) / 2
  );
}

describe("a layout", () => {
  test("keeps all boxes and labels apart, and within its bounds", () => {
    fc.assert(
      fc.property(graph, ({ boxes, links }) => {
        const layout = layOut(boxes, links);
        const all = areas(layout, links);
        const clashes = all.flatMap((one, index) => all.slice(index + 1).filter((other) => overlaps(one, other)));
        expect(clashes).toEqual([]);
        for (const { x, y, width, height } of all) {
          expect(x - width / 2).toBeGreaterThanOrEqual(-0.01);
          expect(x + width / 2).toBeLessThanOrEqual(layout.width + 0.01);
          expect(y - height / 2).toBeGreaterThanOrEqual(-0.01);
          expect(y + height / 2).toBeLessThanOrEqual(layout.height + 0.01);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("places every box once, and every link from its start to its end", () => {
    fc.assert(
      fc.property(graph, ({ boxes, links }) => {
        const layout = layOut(boxes, links);
        expect(layout.boxes.map(({ id }) => id).sort()).toEqual(boxes.map(({ id }) => id).sort());
        layout.links.forEach(({ from, to, stretches, label }, index) => {
          expect({ from, to }).toEqual({ from: links[index]?.from, to: links[index]?.to });
          expect(label === undefined).toBe(links[index]?.label === undefined);
          expect(touches(layout, from, stretches[0]?.[0])).toBe(true);
          expect(touches(layout, to, stretches.at(-1)?.at(-1))).toBe(true);
        });
      }),
      { numRuns: 40 },
    );
  });

  test("is the same every time", () => {
    fc.assert(
      fc.property(graph, ({ boxes, links }) => {
        expect(layOut(boxes, links)).toEqual(layOut(boxes, links));
      }),
      { numRuns: 20 },
    );
  });

  test("lets links lead down where they can", () => {
    const boxes: Box[] = ["a", "b", "c"].map((id) => ({ id, width: 40, height: 20 }));
    const links = [
      ["a", "b"],
      ["b", "c"],
      ["c", "a"],
    ].map(([from = "", to = ""]) => ({ from, to }));
    const y = new Map(layOut(boxes, links).boxes.map((box) => [box.id, box.y]));
    expect([...y.entries()].toSorted((one, other) => one[1] - other[1]).map(([id]) => id)).toEqual(["a", "b", "c"]);
  });
});

/** Whether a point stands on the border of a box. */
function touches({ boxes }: Layout, id: string, point: Point | undefined): boolean {
  const box = boxes.find((one) => one.id === id);
  if (box === undefined || point === undefined) return false;
  const [dx, dy] = [Math.abs(point.x - box.x), Math.abs(point.y - box.y)];
  const isOnSide = Math.abs(dy - box.height / 2) < 0.01 && dx <= box.width / 2 + 0.01;
  return isOnSide || (Math.abs(dx - box.width / 2) < 0.01 && dy <= box.height / 2 + 10);
}
