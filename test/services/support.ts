import { afterAll, beforeAll, beforeEach } from "vitest";
import type { TokenEvent } from "../../src/index.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.js";
import { testClock } from "../support/service.js";
import { transportUnderTest } from "../support/transport.js";

/** A sandbox of one service for the tests of a file, and what its client is handed. */
export function stage(api: string) {
  const clock = testClock();
  const events: TokenEvent[] = [];
  let sandbox: Sandbox | undefined;
  beforeAll(async () => {
    sandbox = await startSandbox({ documents: [{ path: `specs/${api}.yaml` }], clock });
  });
  beforeEach(() => {
    sandbox?.reset();
    events.length = 0;
  });
  afterAll(() => sandbox?.close());
  return {
    clock,
    events,
    sandbox: (): Sandbox => {
      if (sandbox === undefined) throw new Error("the sandbox has not been started");
      return sandbox;
    },
    /** Options of a client of this sandbox. */
    options: () => ({
      baseUrl: stageUrl(),
      ...transportUnderTest(),
      clock,
      onEvent: (event: TokenEvent) => {
        events.push(event);
      },
    }),
    /** The operations asked for, in order. */
    asked: () => (sandbox?.requests ?? []).map(({ operationId }) => operationId),
    told: (type: TokenEvent["type"]) => events.filter((event) => event.type === type),
  };

  function stageUrl(): string {
    return sandbox?.url(api) ?? "";
  }
}

export const HOUR = 3_600_000;
