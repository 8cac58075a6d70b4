import { randomUUID } from "node:crypto";
import { afterAll, describe } from "vitest";
import { redisStore } from "../../src/stores/redis.js";
import { redisServer, whySkipped } from "../support/servers.js";
import { testStore } from "./contract.js";

const server = await redisServer();
afterAll(() => server?.own?.end());
const prefix = `test:${randomUUID()}:`;

describe.skipIf(server === undefined)(`with Redis${whySkipped(server, "Redis")}`, () => {
  testStore("the redis store", () => redisStore({ url: server!.url, prefix }));
});
