/** The callers that an API knows. */

import type { ApiDefinition, Value } from "../lifecycle/contract.js";
import { functions } from "../lifecycle/functions.js";
import { evaluate } from "../lifecycle/value.js";
import { isSame, isScalar, own } from "./json.js";
import { named } from "./named.js";

/** What an account has for one input: a value, or a test of what is presented. */
export type AccountValue = string | number | boolean | ((presented: unknown) => boolean);

/** A set of input values that the service knows. */
export interface Account {
  readonly id: string;
  readonly values: ReadonlyMap<string, AccountValue>;
  /** Its plain values, as the scope in which expressions have them. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Whether a second factor is demanded. */
  challenged: boolean;
}

export interface Accounts {
  /** Adds an account, or finds the one that has exactly these values. */
  add(inputs: Readonly<Record<string, AccountValue>>): Account;
  /** The first account that has every one of these values. An input that it does not state matches nothing. */
  find(inputs: ReadonlyMap<string, unknown>): Account | undefined;
  /** The same, among the accounts that share a slot. */
  findInSlot(slot: string, inputs: ReadonlyMap<string, unknown>): Account | undefined;
  /** What keeps the tokens of this account apart from others: its scheme's `key`, or the account itself where there is none. */
  slot(scheme: string, account: Account): string;
  all(): readonly Account[];
}

export function createAccounts(definition: ApiDefinition): Accounts {
  const accounts: Account[] = [];
  const withTests: Account[] = [];
  const byValue = new Map<string, Account[]>();
  const bySlot = new Map<string, Account[]>();

  const slot = (scheme: string, account: Account): string => {
    const key = own(definition.securitySchemes, scheme)?.key;
    return `${scheme} ${key === undefined ? account.id : JSON.stringify(keyValues(key, account))}`;
  };

  const candidates = (inputs: ReadonlyMap<string, unknown>): readonly Account[] => {
    const sets = [...inputs].map(([name, value]) => byValue.get(indexKey(name, value)) ?? []);
    const smallest = sets.reduce((one, other) => (other.length < one.length ? other : one), accounts);
    return smallest === accounts ? accounts : [...smallest, ...withTests];
  };

  return {
    add(inputs) {
      const declared = new Map(Object.entries(definition.inputs));
      for (const name of Object.keys(inputs)) named(declared, name, "input");
      const values = new Map<string, AccountValue>();
      for (const [name, { default: preset }] of declared) {
        const value = own(inputs, name) ?? preset;
        if (value !== undefined) values.set(name, value);
      }
      const known = candidates(values).find((account) => hasExactly(account, values));
      if (known !== undefined) return known;
      const plain = [...values].filter(([, value]) => isScalar(value));
      const account: Account = {
        id: `${definition.name}-${accounts.length + 1}`,
        values,
        inputs: Object.fromEntries(plain),
        challenged: false,
      };
      accounts.push(account);
      if (plain.length < values.size) withTests.push(account);
      else for (const [name, value] of plain) addTo(byValue, indexKey(name, value), account);
      for (const scheme of Object.keys(definition.securitySchemes)) addTo(bySlot, slot(scheme, account), account);
      return account;
    },
    find: (inputs) => candidates(inputs).find((account) => has(account, inputs)),
    findInSlot: (id, inputs) => bySlot.get(id)?.find((account) => has(account, inputs)),
    slot,
    all: () => accounts,
  };
}

/** Whether an account's value for one input is what was presented. */
export function hasValue(account: Account, name: string, presented: unknown): boolean {
  const value = account.values.get(name);
  return typeof value === "function" ? value(presented) : value !== undefined && isSame(value, presented);
}

function has(account: Account, inputs: ReadonlyMap<string, unknown>): boolean {
  for (const [name, presented] of inputs) if (!hasValue(account, name, presented)) return false;
  return true;
}

function hasExactly(account: Account, values: Account["values"]): boolean {
  return account.values.size === values.size && [...values].every(([name, value]) => account.values.get(name) === value);
}

function keyValues(key: readonly Value[], { inputs }: Account): unknown[] {
  return key.map((value) => evaluate(value, { inputs, now: () => 0, functions }) ?? null);
}

function indexKey(name: string, value: unknown): string {
  return `${name} ${String(value)}`;
}

function addTo(index: Map<string, Account[]>, key: string, account: Account): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, [account]);
  else known.push(account);
}
