/** One operation of a document that a test makes, and a service that shows what it was sent. */

import { type ApiDefinition, createClient } from "../../src/index.js";
import { readDefinition } from "../../src/lifecycle/definition.js";
import type { LooseResult, LooseTypes } from "../support/service.js";
import { reaching, transportUnderTest } from "../support/transport.js";

/** What came over the wire. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Operate = (init?: object) => Promise<LooseResult>;
type Client = {
  readonly operate: Operate;
  use(...middleware: object[]): void;
  eject(middleware: object): void;
} & Readonly<Record<"GET" | "POST", (path: string, init?: object) => Promise<LooseResult>>>;

/** A client whose one operation is `operate`. */
export function operation(
  stated: Readonly<Record<string, unknown>>,
  {
    path = "/x",
    method = "post",
    answer = () => Response.json({}),
    options = {},
  }: {
    readonly path?: string;
    readonly method?: string;
    readonly answer?: (request: Request) => Response | Promise<Response>;
    readonly options?: Readonly<Record<string, unknown>>;
  } = {},
) {
  const sent: Sent[] = [];
  const document = {
    openapi: "3.2.0",
    servers: [{ url: "https://api.example/v1" }],
    paths: { [path]: { [method]: { operationId: "operate", security: [], ...stated } } },
  };
  const definition = readDefinition(document, "test");
  const fetch = async (request: Request) => {
    const copy = request.clone();
    const bytes = new Uint8Array(await copy.arrayBuffer());
    const body = new TextDecoder("latin1").decode(bytes);
    sent.push({ method: request.method, url: request.url, headers: Object.fromEntries(request.headers), body });
    return answer(request);
  };
  const client = createClient<LooseTypes, ApiDefinition>(definition, {
    ...options,
    // Who says that there is no fetch of its own wants a real one.
    ...("fetch" in options ? transportUnderTest() : reaching(fetch)),
  }) as unknown as Client;
  return { client, operate: client.operate, sent, definition: definition.operations["operate"]! };
}

/** A request body of these media types. */
export function bodyOf(content: Readonly<Record<string, unknown>>) {
  return { requestBody: { content } };
}

/** A success of these media types. */
export function answering(content: Readonly<Record<string, unknown>>) {
  return { responses: { 200: { description: "ok", content } } };
}
