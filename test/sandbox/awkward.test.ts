import { describe, expect, it } from "vitest";
import { standaloneSchema } from "../../src/sandbox/schema.js";
import { fixture, open } from "./support.js";

describe("an awkward document", () => {
  it("has OpenAPI 3.0's keywords read as what they mean there", async () => {
    const { send, sandbox } = await open(fixture("awkward"));
    const fine = { size: 1, note: "x", label: null, example: 3, $id: "x", inner: { size: 2 } };
    expect(await send("POST /boxes", { json: fine })).toMatchObject({ status: 200, body: { size: 1 } });
    expect((await send("POST /boxes", { json: { size: 0 } })).status).toBe(400);
    expect((await send("POST /boxes", { json: { size: 1, example: "x" } })).status).toBe(400);
    expect((await send("POST /boxes", { json: { size: 1, inner: {} } })).status).toBe(400);
    expect(sandbox.unplayable).toEqual([]);
  });

  it.each(["spirals", "ghosts"])("is played where it can be, and what cannot be checked is noted: %s", async (path) => {
    const { send, sandbox } = await open(fixture("awkward"));
    expect((await send(`POST /${path}`, { json: {} })).status).toBe(200);
    expect((await send(`POST /${path}`, { json: {} })).status).toBe(200);
    expect(sandbox.unplayable.filter((note) => note.startsWith("api: the body: "))).toHaveLength(1);
  });

  it("answers with a final response, never with an interim one", async () => {
    const { send, sandbox } = await open(fixture("awkward"));
    expect(await send("GET /patterns", { query: { p: "x" } })).toMatchObject({ status: 200, body: { fine: true } });
    expect(sandbox.unplayable).toEqual([expect.stringMatching(/^api: query parameter "p": Invalid regular expression/)]);
  });

  it("is played on where a pattern takes for ever, or a form has very many members", { timeout: 30_000 }, async () => {
    const { send, sandbox } = await open(fixture("awkward"));
    expect((await send("POST /thickets", { json: { a: "b" } })).status).toBe(400);
    expect((await send("POST /thickets", { json: { a: `${"a".repeat(100)}b` } })).status).toBe(200);
    expect(sandbox.unplayable).toEqual(["api: the body: it takes longer than 1 s"]);
    const form = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`k${index}`, ""]));
    expect((await send("POST /thickets", { form })).status).toBe(200);
  });
});

describe("a schema that stands alone", () => {
  it("takes along what it refers to and nothing else", () => {
    const components = { schemas: { A: { $ref: "#/components/schemas/B" }, B: { type: "string" }, C: { type: "null" } } };
    expect(standaloneSchema({ components }, { $ref: "#/components/schemas/A" })).toEqual({
      components: { schemas: { A: { $ref: "#/components/schemas/B" }, B: { type: "string" } } },
      allOf: [{ $ref: "#/components/schemas/A" }],
    });
  });
});
