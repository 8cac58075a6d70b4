/** A sandbox for one test, and plain HTTP to talk to it. */

import { readFileSync } from "node:fs";
import { onTestFinished } from "vitest";
import { parse } from "yaml";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.js";

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, else text. */
  readonly body: unknown;
}

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly query?: Readonly<Record<string, string>>;
}

export interface Opened {
  readonly sandbox: Sandbox;
  readonly api: string;
  readonly clock: { now(): number; advance(ms: number): void };
  /** Sends `POST /path` and the like. */
  send(line: string, sent?: Sent): Promise<Reply>;
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** Plays one document at noon on a day of 2024 until the test is over. */
export async function open(path: string, options: Omit<SandboxOptions, "documents"> = {}): Promise<Opened> {
  let now = Date.UTC(2024, 0, 2, 12);
  const clock = {
    now: () => now,
    advance(ms: number) {
      now += ms;
    },
  };
  const sandbox = await startSandbox({ documents: [{ name: "api", document: documentAt(path) }], clock, ...options });
  onTestFinished(() => sandbox.close());
  return { sandbox, api: "api", clock, send: (line, sent) => send(sandbox.url("api"), line, sent) };
}

const documents = new Map<string, unknown>();

/** A parsed document; each is parsed once for a file of tests. */
export function documentAt(path: string): unknown {
  const document = documents.get(path) ?? parse(readFileSync(path, "utf8"));
  documents.set(path, document);
  return document;
}

export const fixture = (name: string): string => `test/fixtures/sandbox/${name}.yaml`;

async function send(url: string, line: string, { headers = {}, json, form, body, query = {} }: Sent = {}): Promise<Reply> {
  const [method = "GET", path = ""] = line.split(" ");
  const search = Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : "";
  const payload = json === undefined ? (form === undefined ? body : new URLSearchParams(form)) : JSON.stringify(json);
  const response = await fetch(`${url}${path}${search}`, {
    method,
    headers: { ...(json !== undefined && { "Content-Type": "application/json" }), ...headers },
    ...(payload !== undefined && { body: payload }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** A member of a reply's body, which has to be a text: a token, say. */
export function textAt({ body }: Reply, ...path: readonly string[]): string {
  const found = path.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], body);
  if (typeof found !== "string") throw new TypeError(`the body has no text at ${path.join(".")}: ${JSON.stringify(body)}`);
  return found;
}
