import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore } from "../../src/stores/sqlite.js";
import { testHerd } from "./herd.js";
import { type StoreUnderTest, testKills } from "./kill.js";

const path = join(mkdtempSync(join(tmpdir(), "keyturn-kill-")), "tokens.sqlite");

const store: StoreUnderTest = { name: "sqlite", stated: () => ({ kind: "sqlite", path }), open: () => sqliteStore({ path }) };

testKills(store);
testHerd(store);
