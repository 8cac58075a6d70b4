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
      return true;
    },
    changed: (key, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const wakers = waiting.get(key) ?? new Set();
        const wake = () => {
          signal.removeEventListener("abort", wake);
          wakers.delete(wake);
          if (wakers.size === 0 && waiting.get(key) === wakers) waiting.delete(key);
          resolve();
        };
        waiting.set(key, wakers.add(wake));
        signal.addEventListener("abort", wake);
      }),
  };
}
