import { expect, it } from "vitest";
import { memoryStore } from "../../src/index.js";
import { oauthDocument, oauthInputs, protectedBy, tokenEndpoint } from "../support/documents.js";
import { scripted } from "../support/service.js";

it("a process whose replay bore an older token of another process renews on the next call", async () => {
  const store = memoryStore();
  const ended = new Set<string>();
  const routes = { "POST /token": tokenEndpoint(), "GET /things": protectedBy((token) => !ended.has(token)) };
  const start = () => scripted({ document: oauthDocument(), routes, options: { store, inputs: oauthInputs } });
  const [first, second] = [start(), start()];
  const status = async ({ client }: typeof first) => (await client.listThings()).response.status;
  expect([await status(first), await status(second)]).toEqual([200, 200]);
  await first.client.renew("user");
  // The service ends both generations; the second process knows the older one, and finds the newer one in the store.
  ended.add("at-1").add("at-2");
  await status(second);
  expect(await status(second)).toBe(200);
});
