// The figures as Markdown. Ratios first: they hold on other machines too, as far as anything does.

import { readFileSync } from "node:fs";
import { variants } from "./variants.mjs";

export function machine({ node, cpu, cores, rounds }) {
  const root = (name) => version(new URL(`../../../node_modules/${name}/package.json`, import.meta.url));
  const peers = [...new Set(Object.values(variants).flatMap(({ peer }) => peer ?? []))];
  const own = (name) => version(new URL(`./node_modules/${name}/package.json`, import.meta.url));
  const versions = [
    ...["openapi-fetch", "undici"].map((name) => `${name} ${root(name)}`),
    ...[...peers, "axios", "openai"].map((name) => `${name} ${own(name)}`),
  ];
  return `Node ${node.slice(1)}, ${cores} cores (${cpu}), ${rounds} rounds. ${versions.join(", ")}.`;
}

export function calls({ settings, rows }) {
  const sorted = rows.toSorted((a, b) => a.cells.fifty.cpuRatio - b.cells.fifty.cpuRatio);
  return [
    "### CPU of the client for one call",
    "",
    "Ratios to openapi-fetch, medians over rounds; smaller is better.",
    "",
    table(
      ["", ...settings.map(({ title }) => title)],
      sorted.map((row) => [name(row), ...settings.map(({ id }) => row.cells[id].cpuRatio.toFixed(2))]),
    ),
    "",
    "### Calls per second",
    "",
    "Ratios to openapi-fetch in the same rounds; greater is better. The service has a core to itself, and holds back the fastest.",
    "",
    table(
      ["", ...settings.map(({ title }) => title)],
      sorted.map((row) => [name(row), ...settings.map(({ id }) => row.cells[id].speedRatio.toFixed(2))]),
    ),
    "",
    "How each was used:",
    "",
    ...rows.map(({ label, how }) => `- *${label}*: ${how}.`),
  ].join("\n");
}

export function expired({ callers, rows }) {
  const best = Math.min(...rows.map(({ ms }) => ms));
  return [
    `### ${callers.toLocaleString("en")} callers on an expired token`,
    "",
    "All call at once, on a token that ended a moment ago. A token request takes 20 ms.",
    "",
    table(
      ["", "served", "until all were", "CPU", "token requests", "answers 401"],
      rows.map((row) => [
        name(row),
        row.served,
        `${(row.ms / best).toFixed(2)} ×`,
        `${Math.round(row.cpuMs)} ms`,
        row.tokens,
        row.refused,
      ]),
    ),
    "",
    ...rows.filter(({ how }) => how !== "").map(({ label, how }) => `- *${label}*: ${how}.`),
  ].join("\n");
}

export function tokens(rows) {
  const base = rows.find(({ name }) => name === "floor");
  return [
    "### The token alone",
    "",
    "What it takes to get hold of a token that is at hand and has not ended, without any request.",
    "",
    table(
      ["", "ns", "ratio"],
      rows.map((row) => [name(row), row.ns.toFixed(0), (row.ns / base.ns).toFixed(2)]),
    ),
  ].join("\n");
}

export function cold(rows) {
  return [
    "### Cold start",
    "",
    "From the beginning of a process until it asks for its first connection, the client imported on the way, beside openapi-fetch.",
    "",
    table(
      ["", "ms more"],
      rows.map(({ name, moreMs }) => [variants[name].label, moreMs.toFixed(1)]),
    ),
  ].join("\n");
}

export function bundles(rows) {
  return [
    "### Bundle",
    "",
    "A client of three operations with everything that it needs, by rolldown, minified, gzipped at level 9. What stands last is",
    "loaded by the first call that needs it: openapi-fetch, when a middleware is registered, and the way along a redirect.",
    "",
    table(
      ["", "minified", "gzipped", "later, gzipped"],
      rows.map((row) => [
        name(row),
        kilobytes(row.minified),
        kilobytes(row.gzipped),
        row.later > 0 ? kilobytes(row.later) : "–",
      ]),
    ),
  ].join("\n");
}

const name = ({ name, label }) => (name.startsWith("keyturn") ? `**${label}**` : label);
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const version = (url) => JSON.parse(readFileSync(url, "utf8")).version;

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}
