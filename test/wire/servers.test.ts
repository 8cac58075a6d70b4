import { describe, expect, it } from "vitest";
import { type ApiDefinition, createClient } from "../../src/index.js";
import { readDefinition } from "../../src/lifecycle/definition.js";
import type { LooseResult, LooseTypes } from "../support/service.js";

const document = {
  servers: [
    { name: "live", url: "https://api.example/v1" },
    { name: "sandbox", url: "https://sandbox.example/v1" },
  ],
  security: [{ key: [] }],
  paths: {
    "/things": { get: { operationId: "listThings" } },
    "/files": {
      servers: [
        { name: "live", url: "https://files.{region}.example/v2/", variables: { region: { default: "eu" } } },
        { name: "sandbox", url: "https://files.sandbox.example" },
      ],
      get: { operationId: "listFiles" },
      put: { operationId: "putFile", servers: [{ url: "/uploads" }] },
    },
  },
  components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Key" } } },
};

type Client = Readonly<Record<"listThings" | "listFiles" | "putFile", (init?: object) => Promise<LooseResult>>>;

async function sentTo(options: object) {
  const sent: string[] = [];
  const fetch = async (request: Request) => {
    sent.push(`${request.url} ${request.headers.get("x-key")}`);
    return new Response(null, { status: 204 });
  };
  const definition = readDefinition(document, "test");
  const client = createClient<LooseTypes, ApiDefinition>(definition, { fetch, inputs: { key: "k" }, ...options } as never);
  const { listThings, listFiles, putFile } = client as unknown as Client;
  for (const call of [listThings, listFiles, putFile]) await call();
  return sent;
}

describe("an operation", () => {
  it("goes to the server that it, or its path, has in place of the document's, with its credentials", async () => {
    expect(await sentTo({})).toEqual([
      "https://api.example/v1/things k",
      "https://files.eu.example/v2/files k",
      "https://api.example/uploads/files k",
    ]);
  });

  it("goes to the one of the chosen name", async () => {
    expect(await sentTo({ server: "sandbox" })).toEqual([
      "https://sandbox.example/v1/things k",
      "https://files.sandbox.example/files k",
      "https://sandbox.example/uploads/files k",
    ]);
  });

  it("goes to the address that the caller has named instead of all of them", async () => {
    expect(await sentTo({ baseUrl: "https://proxy.example/x/" })).toEqual([
      "https://proxy.example/x/things k",
      "https://proxy.example/x/files k",
      "https://proxy.example/x/files k",
    ]);
  });
});
