import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readDefinition } from "../../src/lifecycle/definition.js";
import { projectFiles, read } from "./papers.js";

/** Where services may be named: what is written of them, what is made from that, and what shows or tests it. */
const NAMED_IN = /^(?:specs|generated|docs|scripts\/demo|test)\/|^(?:README|CHANGELOG)\.md$/;
/** Words in the names of headers that belong to no service. */
const COMMON_HEADERS =
  /^(?:authorization|cookie|content-type|accept|x-api-key|x-request-id|x-idempotency-key|idempotency-key)$/;
/** Parts of host names that belong to no service. */
const COMMON_LABELS = /^(?:api|www|live|sandbox|stg|uat|platform|docs|com|io|in|net|org|example|localhost)$/;

const documents = projectFiles().filter((file) => /^specs\/[^/]+\.yaml$/.test(file));
const names = [...new Set(documents.flatMap(namesIn))].sort();

describe("no service is named", () => {
  it("of those whose documents are in specs/", () => {
    expect(documents.length).toBeGreaterThan(0);
    for (const document of documents) expect(namesIn(document).length, document).toBeGreaterThan(1);
  });

  it.each(names)("outside its document, what is made of it, the pages, the demo and the tests: %s", (name) => {
    const spellings = [name, name.toLowerCase(), `${name.charAt(0).toUpperCase()}${name.slice(1)}`];
    const naming = projectFiles()
      .filter((file) => !NAMED_IN.test(file))
      .flatMap((file) =>
        read(file)
          .split("\n")
          .map((line, index) => ({ line, place: `${file}:${index + 1}` })),
      )
      .filter(({ line }) => spellings.some((spelling) => line.includes(spelling)))
      .map(({ line, place }) => `${place} ${line.trim()}`);
    expect(naming).toEqual([]);
  });
});

/** What gives a service away: its file, its title, its hosts, the headers that only it has. */
function namesIn(file: string): string[] {
  const document = parse(read(file)) as { readonly info: { readonly title: string } };
  const name = file.replace(/^specs\/(.*)\.yaml$/, "$1");
  const { servers, securitySchemes } = readDefinition(document, name);
  const hosts = servers.flatMap(({ url, variables = {} }) => [
    url,
    ...Object.values(variables).flatMap((variable) => [variable.default, ...(variable.enum ?? [])]),
  ]);
  const labels = hosts
    .flatMap((host) => host.toLowerCase().match(/[a-z]+(?:\.[a-z]+)*/g) ?? [])
    .flatMap((host) => host.split("."));
  const headers = [
    ...Object.values(securitySchemes).flatMap(({ apply }) => apply.flatMap((one) => (one.in === "header" ? one.name : []))),
    ...headerParameters(document),
  ];
  return [
    name,
    document.info.title.split(/\s/)[0] ?? "",
    ...labels.filter((label) => !COMMON_LABELS.test(label) && label.length > 3 && !["http", "https"].includes(label)),
    ...headers.filter((header) => !COMMON_HEADERS.test(header.toLowerCase())),
  ];
}

/** The names of all Parameter Objects that are headers, wherever they stand. */
function headerParameters(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { in: place, name } = value as { in?: unknown; name?: unknown };
  const own = place === "header" && typeof name === "string" ? [name] : [];
  return [...own, ...Object.values(value).flatMap(headerParameters)];
}
