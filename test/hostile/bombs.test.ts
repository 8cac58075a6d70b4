/**
 * Documents that are made to take time or memory, in a process of its own that may take only so much of either: a client comes
 * of each, or an error with its place. `HOSTILE=full` takes the slowest as well.
 */

import { afterAll, beforeAll, expect, test } from "vitest";
import type { Diagnostic } from "../../scripts/diagnostics.js";
import { packageFile } from "../../scripts/root.js";
import { type Child, type ChildModule, childModule } from "../support/child.js";
import { BOMBS } from "./bombs.js";
import { leaks, type ScannedFile } from "./scan.js";
import { openWorkshop, type Workshop } from "./workshop.js";

/** What the process says of a document. Files that are large are left out. */
interface Outcome {
  readonly name: string;
  readonly generates: boolean;
  readonly errors: readonly Diagnostic[];
  readonly files?: readonly ScannedFile[];
}

/** As long as one document may take, on a machine that is busy with other tests. */
const LIMIT_MS = 60_000;

const chosen = Object.entries(BOMBS).filter(([, { slow }]) => slow !== true || process.env["HOSTILE"] === "full");

let module: ChildModule;
let child: Child;
let workshop: Workshop;
beforeAll(async () => {
  workshop = openWorkshop();
  module = await childModule(new URL("./bomb-child.ts", import.meta.url));
  child = module.start(packageFile("templates"), ...chosen.map(([name]) => name));
}, 120_000);
afterAll(() => {
  child.process.kill("SIGKILL");
  module.remove();
  workshop.remove();
});

test.each(chosen)(
  "%s: a client or an error comes of it, in bounded time and memory",
  { timeout: LIMIT_MS },
  async (name, bomb) => {
    const { generates, errors, files } = JSON.parse(await child.line(`{"name":${JSON.stringify(name)}`)) as Outcome;
    expect(errors.filter(({ rule }) => rule === "generator")).toEqual([]);
    for (const { message, line, column } of errors) {
      expect(message).not.toMatch(/[\n\r]/);
      expect(Math.min(line, column)).toBeGreaterThan(0);
    }
    expect(generates).toBe(errors.length === 0);
    if (bomb.generates !== undefined) expect(generates, errors[0]?.message).toBe(bomb.generates);
    if (files === undefined) return;
    expect(leaks(files)).toEqual([]);
    workshop.add(String(chosen.findIndex(([one]) => one === name)), files.map(withRuntime));
  },
);

test("what came of them compiles", { timeout: 300_000 }, () => {
  expect(workshop.compile()).toEqual([]);
});

function withRuntime({ name, text }: ScannedFile): ScannedFile {
  return { name, text: text.replaceAll('"keyturn"', JSON.stringify(workshop.runtime)) };
}
