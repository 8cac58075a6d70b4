/** The bench measures this engine by spending minutes; here only the scenarios that take none, and this engine alone. */

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const MEASURE = fileURLToPath(new URL("./measure.mjs", import.meta.url));
const SHORT = ["late-401s", "no-refresh-token", "rotated", "abort", "sixty-seconds"];

it("what the peers' table says of this engine is so", async () => {
  const run = promisify(execFile)(process.execPath, [MEASURE, "keyturn", "--only", SHORT.join(",")], { timeout: 40_000 });
  expect(JSON.parse((await run).stdout)).toEqual({
    "late-401s": "1 token request; 3 × 200",
    "no-refresh-token": "old one kept; 200",
    rotated: "kept and used next; 200",
    abort: "second: 200; then: 200; the token is kept",
    "sixty-seconds": "1 token request; 50 × 200",
    unhandled: "none",
  });
}, 45_000);
