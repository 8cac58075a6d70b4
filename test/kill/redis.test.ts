import { afterAll, describe } from "vitest";
import { redisStore } from "../../src/stores/redis.js";
import { redisServer, whySkipped } from "../support/servers.js";
import { testHerd } from "./herd.js";
import { type StoreUnderTest, testKills } from "./kill.js";

const server = await redisServer({ persistent: true });
const url = server?.url ?? "";

describe.skipIf(server === undefined)(`with Redis${whySkipped(server, "Redis")}`, () => {
  afterAll(() => server?.own?.end());
  const store: StoreUnderTest = { name: "redis", stated: () => ({ kind: "redis", url }), open: () => redisStore({ url }) };
  testKills(store);
  testHerd(store);
});
