import pg from "pg";
import { afterAll, beforeAll, describe } from "vitest";
import { migrate, postgresStore } from "../../src/stores/postgres.js";
import { postgresServer, whySkipped } from "../support/servers.js";
import { testHerd } from "./herd.js";
import { type StoreUnderTest, testKills } from "./kill.js";

const server = await postgresServer();
const connectionString = server?.url ?? "";
const table = `keyturn_kill_${Date.now()}`;

describe.skipIf(server === undefined)(`with PostgreSQL${whySkipped(server, "PostgreSQL")}`, () => {
  const pool = new pg.Pool({ connectionString, max: 2 });
  pool.on("error", () => {}); // a connection that is being closed may hear that the server ends
  beforeAll(() => migrate(pool, { table }));
  afterAll(async () => {
    await pool.query(`DROP TABLE ${table}`);
    await pool.end();
    await server?.own?.end();
  });
  const store: StoreUnderTest = {
    name: "postgres",
    stated: () => ({ kind: "postgres", connectionString, table }),
    open: () => postgresStore({ connectionString, table }),
  };
  testKills(store);
  testHerd(store);
});
