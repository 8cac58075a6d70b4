/** Calls by path and method, as in openapi-fetch. */

import { expect, it } from "vitest";
import { type ApiDefinition, createClient } from "../../src/index.js";
import { readDefinition } from "../../src/lifecycle/definition.js";
import { oauthDocument } from "../support/documents.js";
import type { LooseTypes } from "../support/service.js";
import { reaching } from "../support/transport.js";

const definition = readDefinition(oauthDocument({}, { security: [] }), "things");
const client = createClient<LooseTypes, ApiDefinition>(
  definition,
  reaching(async ({ url }) => Response.json(url)),
);

it("a path and a method are the operation that stands there", async () => {
  expect(await client.GET("/things", {})).toMatchObject({ data: expect.stringMatching(/\/things$/) });
});

it("a path that the document does not have rejects, as whatever fails does", async () => {
  const call = client.GET("/thing", {});
  await expect(call).rejects.toThrow(new TypeError("GET /thing is not an operation of things"));
});
