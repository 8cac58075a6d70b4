import type { TokenRecord, TokenStore } from "./store.js";

/** Keeps tokens in this process: the default. They are gone when it ends. */
export function memoryStore(): TokenStore {
  const records = new Map<string, TokenRecord>();
  return {
    read: async (key) => records.get(key),
    swap: async (key, expected, next) => {
      if (records.get(key)?.version !== expected) return false;
      if (next === undefined) records.delete(key);
      else records.set(key, next);
      return true;
    },
  };
}
