// Makes an OpenAPI document of a given size that looks as large real ones do: resources with collections, inheritance by allOf,
// unions with discriminators, enums, maps, long descriptions in Markdown, examples, shared parameters and responses. The same
// size leads to the same bytes.
//
//   node test/bench/generate/document.mjs 13 > large.json         megabytes, as JSON

import { fileURLToPath } from "node:url";

const WORDS =
  "account amount balance bank batch beneficiary card charge claim client code consent contract counterparty country credit currency customer date debit deposit device document draft due entity event exchange fee file fund grant holder identity income institution instruction interest invoice issuer item ledger legal lender limit link loan mandate margin market merchant message method network note notice offer order owner party payment payout period permission person plan policy portfolio position price product profile proof purpose quote rate receipt record reference refund region report request reserve review risk rule schedule score security session settlement share source statement status step subject tax term ticket token transaction transfer unit user vault verification wallet".split(
    " ",
  );
const SENTENCES = [
  "The value is set by the service when the resource is created and does not change afterwards.",
  "Clients should treat it as opaque: its form may change without notice.",
  "If it is left out, the default of the account is taken, which an administrator can set.",
  "See [the guide](https://docs.example.com/guides/lifecycle) for what happens at the end of the day.",
  "Only visible with the `extended` permission; others get `null` in its place.",
  "Amounts are in the smallest unit of the currency, e.g. cents.",
  "Available since version 2021-04-01; earlier versions answer with **400**.",
];

/** @param {number} megabytes of its JSON, indented by two. */
export function makeDocument(megabytes) {
  const random = generator(Math.round(megabytes * 1000));
  const pick = (list) => list[Math.floor(random() * list.length)];
  const paths = {};
  const schemas = { Money: money(), Error: error(), Page: page() };
  const names = [];
  for (let size = 0, number = 0; size < megabytes * 1e6; number++) {
    const name = `${pascal(pick(WORDS))}${pascal(pick(WORDS))}${number}`;
    const added = resource(name, { random, pick, names });
    Object.assign(paths, added.paths);
    Object.assign(schemas, added.schemas);
    names.push(name);
    size += JSON.stringify({ added }, undefined, 2).length;
  }
  return {
    openapi: "3.0.3",
    info: { title: "Large Bank API", version: "2026-01-01", description: paragraphs(3) },
    servers: [{ url: "https://api.example.com/v2" }],
    security: [{ bearer: [] }],
    tags: [...new Set(names.map((name) => name.slice(0, 1)))].map((name) => ({ name, description: paragraphs(1) })),
    paths,
    components: {
      schemas,
      parameters: {
        Limit: {
          name: "limit",
          in: "query",
          description: paragraphs(1),
          schema: { type: "integer", maximum: 100, default: 20 },
        },
        After: { name: "starting_after", in: "query", description: paragraphs(1), schema: { type: "string" } },
        Trace: { name: "X-Request-Id", in: "header", schema: { type: "string", format: "uuid" } },
      },
      responses: {
        BadRequest: { description: "The request is not valid.", content: json("Error") },
        NotFound: { description: "There is no such resource.", content: json("Error") },
      },
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
    },
  };

  function paragraphs(count) {
    return Array.from({ length: count }, () =>
      Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(SENTENCES)).join(" "),
    ).join("\n\n");
  }
}

function resource(name, { random, pick, names }) {
  const text = (count) => Array.from({ length: count }, () => pick(SENTENCES)).join(" ");
  const camel = name.charAt(0).toLowerCase() + name.slice(1);
  const reference = () => ({ $ref: `#/components/schemas/${names.length > 0 ? pick(names) : "Money"}` });
  const enumeration = () => ({
    type: "string",
    description: text(1),
    enum: [...new Set(Array.from({ length: 3 + Math.floor(random() * 6) }, () => `${pick(WORDS)}_${pick(WORDS)}`))],
  });
  const property = () => {
    const kind = random();
    if (kind < 0.4)
      return { type: "string", description: text(1 + Math.floor(random() * 3)), maxLength: 255, example: pick(WORDS) };
    if (kind < 0.5) return { type: "integer", format: "int64", description: text(1), minimum: 0 };
    if (kind < 0.58) return { type: "boolean", description: text(1), default: false };
    if (kind < 0.68) return enumeration();
    if (kind < 0.78) return { ...reference() };
    if (kind < 0.86) return { type: "array", description: text(1), items: reference() };
    if (kind < 0.9) return { type: "string", format: "date-time", nullable: true, description: text(1) };
    if (kind < 0.94) return { type: "object", description: text(1), additionalProperties: { type: "string" } };
    if (kind < 0.97) return { allOf: [{ $ref: "#/components/schemas/Money" }, { description: text(1) }] };
    return { oneOf: [{ type: "string" }, reference()], description: text(1) };
  };
  const properties = (count) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `${pick(WORDS)}_${pick(WORDS)}${index % 7 === 0 ? "" : `_${index}`}`,
        property(),
      ]),
    );
  const base = properties(6 + Math.floor(random() * 18));
  const required = Object.keys(base).filter(() => random() < 0.3);
  const schemas = {
    [name]: {
      type: "object",
      title: name,
      description: text(3),
      ...(required.length > 0 && { required }),
      properties: {
        id: { type: "string", readOnly: true, example: `${camel}_1` },
        object: { type: "string", enum: [camel] },
        ...base,
      },
    },
    [`${name}Create`]: { type: "object", description: text(2), properties: properties(4 + Math.floor(random() * 10)) },
    [`${name}Extended`]: {
      allOf: [
        { $ref: `#/components/schemas/${name}` },
        { type: "object", properties: properties(3 + Math.floor(random() * 4)) },
      ],
    },
    [`${name}Event`]: {
      oneOf: [{ $ref: `#/components/schemas/${name}` }, { $ref: `#/components/schemas/${name}Extended` }],
      discriminator: { propertyName: "object" },
    },
    [`${name}List`]: {
      allOf: [
        { $ref: "#/components/schemas/Page" },
        {
          type: "object",
          required: ["data"],
          properties: { data: { type: "array", items: { $ref: `#/components/schemas/${name}` } } },
        },
      ],
    },
  };
  const id = { name: "id", in: "path", required: true, description: text(1), schema: { type: "string" } };
  const failures = { 400: { $ref: "#/components/responses/BadRequest" }, 404: { $ref: "#/components/responses/NotFound" } };
  const answer = (schema, description = "The request was successful.") => ({
    200: { description, content: json(schema) },
    ...failures,
  });
  const operation = (operationId, parts) => ({
    operationId,
    tags: [name.slice(0, 1)],
    summary: text(1),
    description: text(2),
    ...parts,
  });
  const body = { required: true, content: json(`${name}Create`) };
  const filters = Object.entries(properties(4)).map(([filter, { description }]) => ({
    name: filter,
    in: "query",
    ...(description !== undefined && { description }),
    schema: pick([{ type: "string" }, { type: "array", items: { type: "string" } }, enumeration()]),
  }));
  const shared = ["Limit", "After", "Trace"].map((parameter) => ({ $ref: `#/components/parameters/${parameter}` }));
  return {
    schemas,
    paths: {
      [`/${camel}`]: {
        get: operation(`list${name}`, { parameters: [...shared, ...filters], responses: answer(`${name}List`) }),
        post: operation(`create${name}`, { requestBody: body, responses: answer(name, "It was created.") }),
      },
      [`/${camel}/{id}`]: {
        parameters: [id],
        get: operation(`get${name}`, { responses: answer(`${name}Extended`) }),
        patch: operation(`update${name}`, { requestBody: body, responses: answer(name) }),
        delete: operation(`delete${name}`, { responses: { 204: { description: "It is gone." }, ...failures } }),
      },
      [`/${camel}/{id}/events`]: {
        get: operation(`list${name}Events`, { parameters: [id, ...shared], responses: answer(`${name}Event`) }),
      },
    },
  };
}

function money() {
  return {
    type: "object",
    required: ["amount", "currency"],
    properties: {
      amount: { type: "integer", format: "int64" },
      currency: { type: "string", pattern: "^[A-Z]{3}$", example: "EUR" },
    },
  };
}

function error() {
  return {
    type: "object",
    required: ["code", "message"],
    properties: {
      code: { type: "string" },
      message: { type: "string" },
      details: { type: "array", items: { $ref: "#/components/schemas/Error" } },
    },
  };
}

function page() {
  return { type: "object", properties: { has_more: { type: "boolean" }, next: { type: "string", nullable: true } } };
}

function json(schema) {
  return { "application/json": { schema: { $ref: `#/components/schemas/${schema}` } } };
}

function pascal(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Numbers that look like chance and are the same every time (mulberry32). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(JSON.stringify(makeDocument(Number(process.argv[2] ?? 4)), undefined, 2));
}
