import type { TokenRecord, TokenStore } from "./store.js";

/** Keeps tokens in this process: the default. They are gone when it ends. */
export function memoryStore(): TokenStore {
  const records = new Map<string, TokenRecord>();
  const waiting = new Map<string, Set<() => void>>();
  return {
    read: async (key) => records.get(key),
    swap: async (key, expected, next) => {
      if (records.get(key)?.version !== expected) return false;
      if (next === undefined) records.delete(key);
      else records.set(key, next);
      for (const wake of waiting.get(key) ?? []) wake();
      waiting.delete(key);
      return true;
    },
    changed: (key, signal) =>
      new Promise((resolve) => {
        const wakers = waiting.get(key) ?? new Set();
        waiting.set(key, wakers.add(resolve));
        signal.addEventListener("abort", () => {
          wakers.delete(resolve);
          resolve();
        });
      }),
  };
}
