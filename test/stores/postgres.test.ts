import pg from "pg";
import { afterAll, beforeAll, describe } from "vitest";
import { migrate, postgresStore } from "../../src/stores/postgres.js";
import { postgresServer, whySkipped } from "../support/servers.js";
import { testStore } from "./contract.js";

const server = await postgresServer();
const table = `keyturn_test_${Date.now()}`;

describe.skipIf(server === undefined)(`with PostgreSQL${whySkipped(server, "PostgreSQL")}`, () => {
  const pool = new pg.Pool({ connectionString: server?.url, max: 4 });
  beforeAll(() => migrate(pool, { table }));
  afterAll(async () => {
    await pool.query(`DROP TABLE ${table}`);
    await pool.end();
    await server?.own?.end();
  });
  testStore("the postgres store", () => postgresStore({ connectionString: server!.url, table }));
});
