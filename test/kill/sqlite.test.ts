import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { sqliteStore } from "../../src/stores/sqlite.js";
import { testHerd } from "./herd.js";
import { type StoreUnderTest, testKills } from "./kill.js";

const folder = mkdtempSync(join(tmpdir(), "keyturn-kill-"));
const path = join(folder, "tokens.sqlite");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const store: StoreUnderTest = { name: "sqlite", stated: () => ({ kind: "sqlite", path }), open: () => sqliteStore({ path }) };

testKills(store);
testHerd(store);
