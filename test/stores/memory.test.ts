import { memoryStore } from "../../src/index.js";
import { testStore } from "./contract.js";

const store = memoryStore();
testStore("the memory store", () => store);
