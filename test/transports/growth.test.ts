import { getEventListeners, once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Dispatcher } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fetchTransport, type Transport } from "../../src/transport.js";
import { undici } from "../../src/transports/undici.js";
import { collectGarbage } from "../support/garbage.js";

const CALLS = 16_000;
const CALLS_WITHOUT_CONNECTIONS = 100_000;
const ROUNDS = 8;
const AT_ONCE = 50;
const ANSWER = '{"ok":true}';

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((_request, response) => response.setHeader("content-type", "application/json").end(ANSWER));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

/** Answers at once, as a connection would. */
class Answering extends Dispatcher {
  override dispatch(_options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const controller = { abort() {}, pause() {}, resume() {} } as unknown as Dispatcher.DispatchController;
    queueMicrotask(() => {
      handler.onRequestStart?.(controller, undefined);
      handler.onResponseStart?.(controller, 200, { "content-type": "application/json" }, "OK");
      handler.onResponseData?.(controller, Buffer.from(ANSWER));
      handler.onResponseEnd?.(controller, {});
    });
    return true;
  }
}

function timersNow(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}

const json = { headers: { "content-type": "application/json" } };

/** Name, transport, calls, and how many bytes more may be in use after another round of them. */
describe.each<[string, () => Transport, number, number]>([
  ["fetch, over connections", () => fetchTransport(), CALLS / 4, 1_000_000],
  ["undici, over connections", () => undici(), CALLS, 250_000],
  ["fetch, answered at once", () => fetchTransport(async () => new Response(ANSWER, json)), CALLS_WITHOUT_CONNECTIONS, 500_000],
  ["undici, answered at once", () => undici({ dispatcher: new Answering() }), CALLS_WITHOUT_CONNECTIONS, 500_000],
])("%s:", (_title, create, count, bytes) => {
  it(`${count} calls under one signal have one listener at most, and leave no timer, no warning and no memory behind`, async () => {
    const transport = create();
    const { signal } = new AbortController();
    const warnings: Error[] = [];
    const warned = (warning: Error) => void warnings.push(warning);
    process.on("warning", warned);
    let most = 0;
    const calls = async (calls: number) => {
      let begun = 0;
      const worker = async () => {
        while (begun < calls) {
          begun += 1;
          const kind = begun % 100;
          const response = await transport.send({
            operationId: "op",
            method: "GET",
            url,
            headers: [],
            redirect: "manual",
            signal,
          });
          if (kind < 3) most = Math.max(most, getEventListeners(signal, "abort").length);
          // Most answers are read; some are let go unread, some are cancelled, and some are read twice.
          if (kind === 0) await response.body?.cancel();
          else if (kind === 1) await Promise.all([response.clone().text(), response.text()]);
          else if (kind !== 2) expect(await response.json()).toEqual({ ok: true });
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      await collectGarbage();
      return process.memoryUsage().heapUsed;
    };

    const timers = timersNow();
    const heaps: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) heaps.push(await calls(count / ROUNDS));
    process.off("warning", warned);
    // An answer that nobody reads is let go when it is collected, and that is a matter of turns.
    for (let turn = 0; turn < 100 && getEventListeners(signal, "abort").length > 0; turn += 1) await collectGarbage();
    await transport.close?.();

    expect(most).toBe(1);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    expect(timersNow()).toBeLessThanOrEqual(timers);
    expect(warnings).toEqual([]);
    const half = ROUNDS / 2;
    expect(Math.min(...heaps.slice(half)) - Math.max(...heaps.slice(0, half))).toBeLessThan(bytes);
  });
});
