/** The life of tokens as a picture: SVG that needs nothing else, for light and dark pages. */

import { printable } from "../diagnostics/printable.js";
import type { LifeStateName, TokenLife } from "../model/model.js";
import type { Explanation } from "./explanation.js";
import type { Link, PlacedBox, PlacedLink, Point } from "./layout/graph.js";
import { layOut } from "./layout/layout.js";
import { balancedLines, type Type, textSize } from "./measure.js";

const STATE: Type = { size: 13, lineHeight: 17 };
const LABEL: Type = { size: 11.5, lineHeight: 15 };
const TITLE: Type = { size: 17, lineHeight: 24 };
const NOTE: Type = { size: 12.5, lineHeight: 18 };
const MARGIN = 32;
const START = "start";
const START_SIZE = 14;

/** What a state is to a reader; it gives the state its colour. */
type Kind = "good" | "call" | "warn" | "bad" | "plain";

const KINDS: Readonly<Record<LifeStateName, Kind>> = {
  empty: "plain",
  refreshable: "plain",
  fresh: "good",
  obtain: "call",
  refresh: "call",
  recover: "call",
  expiring: "warn",
  rejected: "warn",
  challenge: "warn",
  refused: "bad",
  failed: "bad",
  revoked: "bad",
};

const STYLE = [
  "text{font-family:ui-sans-serif,system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1f2328}",
  ".page{fill:#fff;stroke:#d1d9e0}.note,.label{fill:#59636e}",
  ".link{fill:none;stroke:#818b98;stroke-width:1.4}.head,.start{fill:#818b98}",
  ".box{stroke-width:1.4}.plain{fill:#f6f8fa;stroke:#818b98}.call{fill:#ddf4ff;stroke:#218bff}",
  ".good{fill:#dafbe1;stroke:#2da44e}.warn{fill:#fff8c5;stroke:#bf8700}.bad{fill:#ffebe9;stroke:#cf222e}",
  "@media (prefers-color-scheme:dark){text{fill:#f0f6fc}.page{fill:#0d1117;stroke:#3d444d}.note,.label{fill:#9198a1}",
  ".link{stroke:#768390}.head,.start{fill:#768390}.plain{fill:#151b23;stroke:#656c76}.call{fill:#0c2d6b;stroke:#388bfd}",
  ".good{fill:#04260f;stroke:#2ea043}.warn{fill:#341a00;stroke:#bb8009}.bad{fill:#490202;stroke:#f85149}}",
].join("");

/** One picture for each scheme that holds a token, one below the other. Without any it says so. */
export function explainAsSvg({ title, name, schemes }: Explanation): string {
  const drawings = schemes.flatMap((scheme) => (scheme.life === undefined ? [] : [drawLife(scheme.name, scheme.life)]));
  const caption = `${title === "" ? name : title}: how its tokens live`;
  const parts = drawings.length > 0 ? drawings : [nothing()];
  const width = Math.max(textSize([caption], TITLE).width, ...parts.map((part) => part.width)) + 2 * MARGIN;
  let y = MARGIN + TITLE.lineHeight + 8;
  const body = parts.map(({ scheme, svg, height, width: own }) => {
    const x = (width - own) / 2;
    const top = y + (scheme === undefined ? 0 : NOTE.lineHeight + 10);
    const name = scheme === undefined ? [] : [heading("note", scheme, y + NOTE.size, NOTE.size)];
    y = top + height + MARGIN;
    return [...name, `<g transform="translate(${figure(x)} ${figure(top)})">`, svg, "</g>"].join("\n");
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escaped(caption)}" width="${figure(width)}" height="${figure(y)}" viewBox="0 0 ${figure(width)} ${figure(y)}">`,
    `<style>${STYLE}</style>`,
    `<rect class="page" x="0.5" y="0.5" width="${figure(width - 1)}" height="${figure(y - 1)}" rx="8"/>`,
    heading("title", caption, MARGIN + 14, TITLE.size),
    ...body,
    "</svg>\n",
  ].join("\n");
}

function heading(kind: "title" | "note", text: string, y: number, size: number): string {
  return `<text class="${kind}" x="${MARGIN}" y="${figure(y)}" font-size="${size}" font-weight="600">${escaped(text)}</text>`;
}

interface Drawing {
  readonly scheme?: string;
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

function nothing(): Drawing {
  const text = "No scheme of this document says how its tokens live.";
  const svg = `<text class="note" x="0" y="${NOTE.size}" font-size="${NOTE.size}">${text}</text>`;
  return { svg, ...textSize([text], NOTE) };
}

function drawLife(scheme: string, { states, transitions }: TokenLife): Drawing {
  const texts = new Map(states.map(({ name, label }) => [name as string, balancedLines(label, STATE, 150)]));
  const boxes = [
    { id: START, width: START_SIZE, height: START_SIZE },
    ...[...texts].map(([id, lines]) => {
      const { width, height } = textSize(lines, STATE);
      return { id, width: Math.max(width + 28, 76), height: height + 16 };
    }),
  ];
  const labels = transitions.map(({ label }) => (label === undefined ? [] : balancedLines(label, LABEL, 132)));
  const links = transitions.map(({ from = START, to }, index): Link => {
    const size = textSize(labels[index]!, LABEL);
    return { from, to, ...(labels[index]!.length > 0 && { label: { width: size.width + 8, height: size.height + 6 } }) };
  });
  const layout = layOut(boxes, links);
  const svg = [
    ...layout.links.map(drawLink),
    ...layout.boxes.map((box) => drawBox(box, texts.get(box.id) ?? [])),
    ...layout.links.flatMap(({ label }, index) =>
      label === undefined ? [] : [drawText("label", label, labels[index]!, LABEL)],
    ),
  ].join("\n");
  return { scheme, svg, width: layout.width, height: layout.height };
}

function drawBox({ id, x, y, width, height }: PlacedBox, lines: readonly string[]): string {
  if (id === START) return `<circle class="start" cx="${figure(x)}" cy="${figure(y)}" r="${START_SIZE / 2}"/>`;
  const rect = `<rect class="box ${KINDS[id as LifeStateName]}" x="${figure(x - width / 2)}" y="${figure(y - height / 2)}" width="${figure(width)}" height="${figure(height)}" rx="9"/>`;
  return `${rect}${drawText("state", { x, y }, lines, STATE)}`;
}

function drawText(kind: string, { x, y }: Point, lines: readonly string[], { size, lineHeight }: Type): string {
  // A line's base stands about a third of its size below its middle.
  const first = y - ((lines.length - 1) * lineHeight) / 2 + size * 0.35;
  const spans = lines.map(
    (line, index) => `<tspan x="${figure(x)}" y="${figure(first + index * lineHeight)}">${escaped(line)}</tspan>`,
  );
  return `<text class="${kind}" font-size="${size}" text-anchor="middle">${spans.join("")}</text>`;
}

const HEAD = { length: 8, half: 4 };

function drawLink({ stretches, isLoop }: PlacedLink): string {
  const last = stretches.at(-1)!;
  const end = last.at(-1)!;
  if (isLoop) {
    const [start] = last as [Point];
    const reach = end.x + 24;
    const path = `M${point(start)}C${point({ x: reach, y: start.y - 8 })} ${point({ x: reach, y: end.y + 8 })} ${point({ x: end.x + HEAD.length, y: end.y })}`;
    const head = `M${point(end)}l${HEAD.length} ${-HEAD.half}v${2 * HEAD.half}z`;
    return `<path class="link" d="${path}"/><path class="head" d="${head}"/>`;
  }
  const down = end.y > last.at(-2)!.y ? 1 : -1;
  const shortened = [...stretches.slice(0, -1), [...last.slice(0, -1), { x: end.x, y: end.y - down * HEAD.length }]];
  const head = `M${point(end)}l${-HEAD.half} ${-down * HEAD.length}h${2 * HEAD.half}z`;
  return `<path class="link" d="${shortened.map(curve).join("")}"/><path class="head" d="${head}"/>`;
}

/** Upright at each point, so that stretches go over into each other without a kink. */
function curve(points: readonly Point[]): string {
  return points
    .map((to, index) => {
      const from = points[index - 1];
      if (from === undefined) return `M${point(to)}`;
      if (Math.abs(from.x - to.x) < 0.5) return `L${point(to)}`;
      const middle = (from.y + to.y) / 2;
      return `C${point({ x: from.x, y: middle })} ${point({ x: to.x, y: middle })} ${point(to)}`;
    })
    .join("");
}

function point({ x, y }: Point): string {
  return `${figure(x)} ${figure(y)}`;
}

/** To a tenth of a pixel, so that the same life is the same picture everywhere. */
function figure(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Text within an element or an attribute, without characters that XML does not have. */
function escaped(text: string): string {
  return printable(text)
    .replace(/[\ufffe\uffff]/gu, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
