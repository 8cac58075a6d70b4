import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore } from "../../src/stores/sqlite.js";
import { testStore } from "./contract.js";

const folder = mkdtempSync(join(tmpdir(), "keyturn-sqlite-"));
const path = join(folder, "tokens.db");
testStore("the sqlite store", () => sqliteStore({ path }));
