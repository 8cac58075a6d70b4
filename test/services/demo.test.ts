import { expect, it } from "vitest";
import { play } from "../../scripts/demo/play.js";
import { createTerminal } from "../../scripts/demo/terminal.js";

it("The demo holds every one of its checks, prints no control character on a pipe, and no secret", async () => {
  const lines: string[] = [];
  expect(await play(createTerminal((line) => lines.push(line), false))).toBe(true);
  const text = lines.join("\n");
  expect(text).not.toContain("✗");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what the test looks for
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  for (const secret of [
    "demo-application-secret",
    "demo-client-secret",
    "demo-api-key",
    "fingerprint-of",
    "correct horse",
    "730146",
  ]) {
    expect(text).not.toContain(secret);
  }
  expect(lines.slice(-3).map((line) => line.trim().split(/\s+/).at(-1))).toEqual(["0", "0", "0"]);
});
