import type { TokenStore } from "../../src/index.js";

/** A store that tells which records it was asked for. */
export function remembering(store: TokenStore, keys: Set<string>): TokenStore {
  return {
    ...store,
    read: (key) => {
      keys.add(key);
      return store.read(key);
    },
  };
}

/** Ends the lease of a holder that is gone, as time would: the record says that it is over. */
export async function endLease(store: TokenStore, key: string): Promise<void> {
  for (;;) {
    const record = await store.read(key);
    if (record?.lease === undefined) return;
    const over = { ...record, version: record.version + 1, lease: { ...record.lease, until: 0 } };
    if (await store.swap(key, record.version, over)) return;
  }
}
