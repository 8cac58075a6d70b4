// First: see there.
import "./platform-fetch.js";

import { Agent } from "undici";
import { describe, expect, it } from "vitest";
import { fetchTransport, type Transport } from "../../src/transport.js";
import { undici } from "../../src/transports/undici.js";
import { read } from "../project/papers.js";
import { cases } from "./cases.js";
import { differences } from "./differences.js";
import { comparable, observe } from "./observe.js";

it("is the platform's own fetch that undici is compared with", () => {
  const used = Object.getOwnPropertySymbols(globalThis).find(({ description }) => description === "undici.globalDispatcher.1");
  expect((globalThis as unknown as Record<symbol, object>)[used!]).not.toBeInstanceOf(Agent);
});

describe("undici does as fetch does", () => {
  it.each(cases.map((one) => [one.title, one] as const))("%s", async (_title, one) => {
    const transport = undici();
    const expected = await observe(fetchTransport(), one);
    const actual = await observe(transport, one);
    await transport.close?.();
    expect(comparable(actual)).toEqual(comparable(expected));
  });

  it("in so many cases, each by another name", () => {
    expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length);
    expect(cases.length).toBeGreaterThan(200);
  });
});

/** How `fetch` follows a signal that it is handed, with no transport in between. */
const bare: Transport = {
  send: async ({ url, method, headers, body, signal, redirect }) => {
    const pairs = headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1]!] as [string, string]] : []));
    const duplex = body instanceof ReadableStream ? { duplex: "half" } : {};
    const sent = { method, headers: pairs, body: (body as BodyInit | undefined) ?? null, redirect, ...duplex };
    return fetch(url, { ...sent, signal: signal ?? null });
  },
};

describe("the transport that is fetch does as fetch does under a signal", () => {
  it.each(
    [...cases, ...differences].flatMap((one) => (/^(given up|too late)/i.test(one.title) ? [[one.title, one] as const] : [])),
  )("%s", async (_title, one) => {
    const expected = await observe(bare, one);
    expect(comparable(await observe(fetchTransport(), one))).toEqual(comparable(expected));
  });
});

describe("undici differs from fetch, as docs/transports.md says", () => {
  it.each(differences.map((one) => [one.title, one] as const))("%s", async (_title, { holds, ...one }) => {
    const transport = undici();
    holds(await observe(transport, one));
    await transport.close?.();
  });

  it("in these points, and no other that is known", () => {
    const [, section = ""] = read("docs/transports.md").split("## What differs from `fetch`");
    const rows = section
      .split("\n## ")[0]!
      .split("\n")
      .filter((line) => line.startsWith("| "));
    const titles = rows.slice(2).map((row) => row.split("|")[1]!.trim());
    expect(titles).toEqual(differences.map(({ title }) => title));
  });
});
