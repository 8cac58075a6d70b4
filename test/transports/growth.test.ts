import { getEventListeners, once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { undici } from "../../src/transports/undici.js";
import { collectGarbage } from "../support/garbage.js";

const CALLS = 16_000;
const ROUNDS = 8;
const AT_ONCE = 50;

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((_request, response) => response.setHeader("content-type", "application/json").end('{"ok":true}'));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

it("thousands of calls under one signal leave no listener, no warning and no memory behind", async () => {
  const transport = undici();
  const { signal } = new AbortController();
  const warnings: Error[] = [];
  const warned = (warning: Error) => void warnings.push(warning);
  process.on("warning", warned);
  let most = 0;
  const calls = async (count: number) => {
    let begun = 0;
    const worker = async () => {
      while (begun < count) {
        begun += 1;
        // Of three answers one is read, one is let go unread, and one is made a real response.
        const response = await transport.send({
          operationId: "op",
          method: "GET",
          url,
          headers: [],
          redirect: "manual",
          signal,
        });
        most = Math.max(most, getEventListeners(signal, "abort").length);
        if (begun % 3 === 0) expect(await response.json()).toEqual({ ok: true });
        else if (begun % 3 === 1) await response.clone().text();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    await collectGarbage();
    return process.memoryUsage().heapUsed;
  };

  const heaps: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) heaps.push(await calls(CALLS / ROUNDS));
  process.off("warning", warned);
  await transport.close?.();

  expect(most).toBe(1);
  expect(getEventListeners(signal, "abort")).toEqual([]);
  expect(warnings).toEqual([]);
  // A hundred bytes left by each call would be half a megabyte between the halves; nothing that belongs to a call is that small.
  const half = ROUNDS / 2;
  expect(Math.min(...heaps.slice(half)) - Math.max(...heaps.slice(0, half))).toBeLessThan(250_000);
});
