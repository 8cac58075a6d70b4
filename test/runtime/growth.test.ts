/** What a call leaves behind when it is over: nothing, however many there are. */

import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { type ApiDefinition, createClient, type Transport } from "../../src/index.js";
import { readDefinition } from "../../src/lifecycle/definition.js";
import { oauthDocument, oauthInputs, tokenEndpoint } from "../support/documents.js";
import { collectGarbage } from "../support/garbage.js";
import type { LooseClient, LooseTokens, LooseTypes } from "../support/service.js";

const CALLS = 100_000;

/** Answers without a connection, so that what is left is the client's own. */
function answering() {
  const endpoint = tokenEndpoint();
  const answer = Response.json({});
  const light = { ok: true, status: 200, type: "basic", headers: answer.headers, body: null, text: async () => "{}" };
  const sent = { calls: 0, tokens: 0 };
  const transport: Transport = {
    send: async ({ url, headers }) => {
      if (url.endsWith("/token")) {
        sent.tokens += 1;
        return endpoint({ body: "" });
      }
      sent.calls += headers.includes("Bearer at-1") ? 1 : 0;
      return light as unknown as Response;
    },
  };
  const client = createClient<LooseTypes, ApiDefinition>(readDefinition(oauthDocument(), "test"), {
    transport,
    inputs: oauthInputs,
  }) as unknown as LooseClient & LooseTokens;
  return { client, sent };
}

it("a hundred thousand calls under one signal leave no listener, no timer and no memory behind", async () => {
  const { client, sent } = answering();
  const { signal } = new AbortController();
  const init = { signal, params: { query: { page: 1 } }, headers: { "X-Trace": "1" } };
  const calls = async (count: number) => {
    for (let call = 0; call < count; call += 1) await client.listThings(init);
    await collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  await calls(CALLS / 10);
  const before = await calls(CALLS / 10);
  const timers = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const after = await calls(CALLS);
  expect(sent).toEqual({ calls: CALLS * 1.2, tokens: 1 });
  expect(getEventListeners(signal, "abort")).toEqual([]);
  expect(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length).toBeLessThanOrEqual(timers);
  expect(after - before).toBeLessThan(CALLS * 5); // bytes: nothing that belongs to a call is that small
});

it("the credentials of a token are made once, and are there in the same turn", async () => {
  const { client, sent } = answering();
  await client.listThings();
  const before = sent.calls;
  const call = client.listThings(); // not awaited: the request is with the transport all the same
  expect(sent.calls).toBe(before + 1);
  await call;
});
