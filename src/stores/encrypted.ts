/** Encrypts what another store keeps, by WebCrypto: runs wherever the client runs. */

import { TokenError } from "../errors.js";
import type { TokenRecord, TokenStore } from "./store.js";

export interface EncryptedStoreOptions {
  /**
   * The keys: the first one writes, and each of them reads what it wrote. To change keys, add the new one at the end
   * everywhere, then put it first everywhere, then drop the old one when no record names it any more.
   */
  readonly keys: readonly EncryptionKey[];
  /**
   * Takes records that stand in the store in clear, and encrypts each with its next write: for the move to encryption alone,
   * because it lets whoever can write to the store plant a record. Default: `false`.
   */
  readonly acceptPlainRecords?: boolean;
}

export interface EncryptionKey {
  /** Names the key in each record that it wrote. It is not secret. */
  readonly id: string;
  /** 32 random bytes, as bytes or in base64 (`openssl rand -base64 32`), or an AES-GCM key of WebCrypto. */
  readonly key: string | Uint8Array | Awaited<ReturnType<typeof crypto.subtle.importKey>>;
}

/**
 * A store whose records are encrypted by AES-256-GCM before they reach `store`. Each is bound to its slot and version: one that
 * was altered, moved to another slot, or written by a key that is not at hand cannot be read, and is never overwritten. The
 * version and the id of the key stay visible; the name of a slot is a digest already.
 *
 * @throws {TypeError} when a key is not a key of 256 bits, or two have one id.
 */
export function encrypted(store: TokenStore, { keys, acceptPlainRecords = false }: EncryptedStoreOptions): TokenStore {
  const [writing] = keys;
  if (writing === undefined) throw new TypeError("keys is empty; the first key writes");
  const keyring = new Map<string, () => Promise<CryptoKey>>();
  for (const [index, { id, key }] of keys.entries()) {
    if (keyring.has(id)) throw new TypeError(`keys[${index}].id is the id of another key; each needs its own`);
    keyring.set(id, importer(key, `keys[${index}].key`));
  }

  return {
    async read(key) {
      const kept = await store.read(key);
      return kept && open(kept, key);
    },
    async swap(key, expected, next) {
      const kept = await store.read(key);
      if (kept !== undefined) await open(kept, key); // what cannot be read is not overwritten
      if (kept?.version !== expected) return false;
      return store.swap(key, expected, next && (await seal(next, key)));
    },
    ...(store.changed && { changed: (key: string, signal: AbortSignal) => store.changed!(key, signal) }),
    ...(store.now && { now: () => store.now!() }),
    ...(store.close && { close: () => store.close!() }),
  };

  async function seal(record: TokenRecord, slot: string): Promise<TokenRecord> {
    const { id } = writing!;
    const { version } = record;
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const sealed = await crypto.subtle.encrypt(
      { name: "AES-GCM", iv: nonce, additionalData: boundTo(slot, version, id) },
      await keyring.get(id)!(),
      new TextEncoder().encode(JSON.stringify(record)),
    );
    const outputs: Sealed = { key: id, nonce: toBase64(nonce), sealed: toBase64(new Uint8Array(sealed)) };
    return { format: ENCRYPTED_FORMAT, version, generation: 0, outputs: { ...outputs }, expires: {}, obtainedAt: 0 };
  }

  async function open(kept: TokenRecord, slot: string): Promise<TokenRecord> {
    const { format, version, outputs } = kept;
    if (format !== ENCRYPTED_FORMAT) {
      if (acceptPlainRecords && Number.isInteger(format) && format < ENCRYPTED_FORMAT) return kept;
      throw unreadable(slot, "is not encrypted, or in another format; acceptPlainRecords takes it over, if it is yours");
    }
    const { key: id, nonce, sealed } = outputs as Partial<Sealed>;
    const key = keyring.get(String(id));
    if (key === undefined) {
      throw unreadable(slot, `was encrypted by the key "${printable(id)}", which is not among keys; add it`);
    }
    try {
      const text = await crypto.subtle.decrypt(
        { name: "AES-GCM", iv: fromBase64(nonce), additionalData: boundTo(slot, version, String(id)) },
        await key(),
        fromBase64(sealed),
      );
      return JSON.parse(new TextDecoder().decode(text)) as TokenRecord;
    } catch {
      throw unreadable(
        slot,
        `was altered, moved here, or written by another key with the id "${printable(id)}"; restore it, or remove it to begin anew`,
      );
    }
  }
}

/** What stands in place of the record's own format: no version of the client takes such a record for one in clear. */
const ENCRYPTED_FORMAT = 1001;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;

interface Sealed {
  /** The id of the key. */
  readonly key: string;
  readonly nonce: string;
  readonly sealed: string;
}

/** A record is its slot's alone, in this format, at this version. */
function boundTo(slot: string, version: number, keyId: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(["keyturn", ENCRYPTED_FORMAT, slot, version, keyId]));
}

/** Imports a key once, when it is first needed. */
function importer(key: EncryptionKey["key"], path: string): () => Promise<CryptoKey> {
  if (key instanceof CryptoKey) {
    const { name, length } = key.algorithm as AesKeyAlgorithm;
    if (name !== "AES-GCM" || length !== 8 * KEY_BYTES) throw new TypeError(`${path} is not an AES-GCM key of 256 bits`);
    return async () => key;
  }
  const bytes = typeof key === "string" ? decoded(key) : Uint8Array.from(key);
  if (bytes?.length !== KEY_BYTES) {
    throw new TypeError(`${path} is not ${KEY_BYTES} bytes, nor their base64: make one by openssl rand -base64 32`);
  }
  let imported: Promise<CryptoKey> | undefined;
  return () => {
    imported ??= crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    return imported;
  };
}

function decoded(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return fromBase64(text.trim());
  } catch {
    return undefined;
  }
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

/** Base64, also as it stands in addresses. */
function fromBase64(text: unknown): Uint8Array<ArrayBuffer> {
  const binary = atob(String(text).replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** What stands in a store that somebody altered goes into no message as it is. */
function printable(id: unknown): string {
  return String(id)
    .slice(0, 64)
    .replace(/[^\w.:-]/g, "?");
}

function unreadable(slot: string, why: string): TokenError {
  return new TokenError("store-failed", `encrypted store: the record ${slot} ${why}. It is kept as it is`);
}
