import { randomBytes } from "node:crypto";
import { memoryStore } from "../../src/index.js";
import { encrypted } from "../../src/stores/encrypted.js";
import { testStore } from "./contract.js";

const store = encrypted(memoryStore(), { keys: [{ id: "now", key: randomBytes(32) }] });
testStore("the encrypted store", () => store);
