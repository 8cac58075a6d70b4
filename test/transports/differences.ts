/** Where undici and fetch are meant to differ: one for each row of the table in docs/transports.md, and what holds it. */

import { inspect } from "node:util";
import { expect } from "vitest";
import type { Case } from "./cases.js";
import type { Observed } from "./observe.js";

export interface Difference extends Case {
  /** The first cell of the row. */
  readonly title: string;
  readonly holds: (observed: Observed) => void;
}

const REASON = new RangeError("the caller's own reason");
let controller = new AbortController();

function abortable(): { readonly signal: AbortSignal } {
  controller = new AbortController();
  return { signal: controller.signal };
}

export const differences: readonly Difference[] = [
  {
    title: "Headers that a browser sends",
    request: () => ({ headers: ["If-None-Match", '"a"'] }),
    holds: ({ seen }) => {
      const names = seen[0]!.names.map((name) => name.toLowerCase()).sort();
      expect(names).toEqual(["accept", "accept-encoding", "connection", "host", "if-none-match", "user-agent"]);
      expect(seen[0]!.headers).toMatchObject({ accept: "*/*", "accept-encoding": "gzip, deflate", "user-agent": "node" });
    },
  },
  {
    title: "A name that stands twice",
    request: () => ({ headers: ["Cookie", "a=1", "X-A", "1", "x-a", "2", "Cookie", "b=2"] }),
    holds: ({ seen }) => {
      expect(seen[0]!.names.filter((name) => /cookie|x-a/i.test(name))).toEqual(["Cookie", "X-A", "x-a", "Cookie"]);
      expect(seen[0]!.headers).toMatchObject({ cookie: "a=1; b=2", "x-a": "1, 2" });
    },
  },
  {
    title: "A `Content-Length` that is no number",
    request: () => ({ method: "POST", body: "text", headers: ["Content-Length", "4x"] }),
    holds: ({ outcome }) =>
      expect(outcome).toMatchObject({ failed: { message: "fetch failed", cause: { code: "UND_ERR_INVALID_ARG" } } }),
  },
  {
    title: "A `?` that nothing follows",
    request: () => ({ path: "/a?" }),
    holds: ({ seen, outcome }) => {
      expect(seen[0]).toMatchObject({ path: "/a?" });
      expect(outcome).toMatchObject({ path: "/a?" });
    },
  },
  {
    title: "`data:`, `blob:` and `about:`",
    request: () => ({ url: "data:,text" }),
    holds: ({ outcome }) =>
      expect(outcome).toMatchObject({ failed: { message: "fetch failed", cause: { message: "unknown scheme" } } }),
  },
  {
    title: "An answer that is no HTTP",
    raw: (socket) => socket.end("this is no HTTP\r\n\r\n"),
    holds: ({ outcome }) =>
      expect(outcome).toMatchObject({ failed: { message: "fetch failed", cause: { name: "HTTPParserError" } } }),
  },
  {
    title: "An answer that breaks the rules of HTTP",
    raw: (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab"),
    holds: ({ outcome }) =>
      expect(outcome).toMatchObject({ failed: { name: "TypeError", message: "fetch failed", cause: expect.anything() } }),
  },
  {
    title: "Space behind a header's value",
    raw: (socket) => socket.end("HTTP/1.1 200 OK\r\nx-a: 1 \t\r\ncontent-length: 0\r\n\r\n"),
    read: ({ headers }) => [headers.get("x-a"), [...headers.values()]],
    holds: ({ outcome }) => expect(outcome).toMatchObject({ read: ["1", ["0", "1"]] }),
  },
  {
    title: "Given up before the body is read",
    request: abortable,
    read: (response) => {
      controller.abort(REASON);
      return response.text();
    },
    holds: ({ outcome }) => expect(outcome).toMatchObject({ readFailed: { name: "RangeError" } }),
  },
  {
    title: "Given up when there is no body",
    request: abortable,
    answer: (_request, response) => response.writeHead(204).end(),
    read: (response) => {
      controller.abort(REASON);
      return response.text();
    },
    holds: ({ outcome }) => expect(outcome).toMatchObject({ read: "" }),
  },
  {
    title: "What is printed",
    request: () => ({ path: "/a?key=canary" }),
    answer: (_request, response) => void response.writeHead(200, { "set-cookie": "canary", "x-canary": "shown" }).end(),
    read: (response) => [inspect(response), inspect(response.headers)],
    holds: ({ outcome }) => {
      const [response, headers] = outcome["read"] as [string, string];
      expect(response).toMatch(/^Response \{\n {2}status: 200,\n/);
      expect(response).toContain("/a?…");
      for (const printed of [response, headers]) {
        expect(printed).toContain("x-canary");
        expect(printed).not.toMatch(/canary'?$|: '?canary|key=|shown/m);
      }
    },
  },
  {
    title: "Messages of errors",
    request: () => ({ headers: ["x-a", "canary\nvalue"] }),
    holds: ({ outcome }) =>
      expect(outcome).toMatchObject({ failed: { name: "TypeError", said: 'The header "x-a" has an invalid value.' } }),
  },
];
