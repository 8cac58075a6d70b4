/** Faults on demand: what a service does on a bad day, to the requests that a test picks. */

import type { TokenRole } from "../lifecycle/contract.js";
import type { Chance } from "./random.js";

/** Which requests a fault befalls; whatever is left out matches all of an API. */
export interface FaultSelection {
  readonly operationId?: string;
  readonly role?: TokenRole;
  /** The scheme whose token call it is. */
  readonly scheme?: string;
  /** How many requests, of those that match; default 1, `Infinity` until cancelled. */
  readonly times?: number;
  /** How many matching requests pass unharmed before; default 0. */
  readonly after?: number;
  /** Which part of them it befalls, by chance, from 0 to 1; default 1, all. Those that are spared count nowhere. */
  readonly rate?: number;
  /** How long the answer takes, in milliseconds of real time, beside what else befalls it. */
  readonly latencyMs?: number;
}

/**
 * What happens. With `commit` the service does its work first (tokens are issued, spent, rotated) and only the answer
 * suffers; without it nothing has happened on the service's side.
 */
export type FaultEffect =
  /** Another answer: an object is sent as JSON, text as it is. */
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly commit?: boolean;
    }
  /** The documented rejection, whatever was presented. */
  | { readonly rejected: "token" | "credentials" | "challenge" }
  /** No answer until the fault is released; then it goes on as if nothing had been. */
  | { readonly hang: true; readonly commit?: boolean }
  /** The connection ends without an answer. */
  | { readonly drop: true; readonly commit?: boolean }
  /** The connection ends after so many bytes of the body; the work has been done. */
  | { readonly cut: number }
  /** Nothing but its latency. */
  | { readonly latencyMs: number };

export type Fault = FaultSelection & FaultEffect;

/** A fault that has been ordered. */
export interface OrderedFault {
  /** How many requests it has befallen. */
  readonly hits: number;
  /** Settles when the first request has arrived that it befalls. */
  readonly hit: Promise<void>;
  /** Lets every request go on that it holds. */
  release(): void;
  /** Befalls no further request, and releases. */
  cancel(): void;
}

/** A fault that befalls one request. */
export interface Befallen {
  readonly effect: Fault;
  /** Settles when a hanging request may go on. */
  readonly released: Promise<void>;
}

export interface Asked {
  readonly operationId: string;
  readonly roles: readonly { readonly role: TokenRole; readonly scheme: string }[];
}

export interface Faults {
  order(fault: Fault): OrderedFault;
  /** The first ordered fault that befalls a request; it counts as one of its times. */
  take(asked: Asked): Befallen | undefined;
  clear(): void;
}

interface Entry {
  readonly fault: Fault;
  passing: number;
  remaining: number;
  hits: number;
  readonly hit: Gate;
  released: Gate;
}

export function createFaults(chance: Chance): Faults {
  let entries: Entry[] = [];
  return {
    order(fault) {
      const entry: Entry = {
        fault,
        passing: fault.after ?? 0,
        remaining: fault.times ?? 1,
        hits: 0,
        hit: createGate(),
        released: createGate(),
      };
      entries.push(entry);
      return {
        get hits() {
          return entry.hits;
        },
        hit: entry.hit.opened,
        release() {
          entry.released.open();
          entry.released = createGate();
        },
        cancel() {
          entry.remaining = 0;
          entry.released.open();
        },
      };
    },
    take(asked) {
      const entry = entries.find(({ fault, remaining }) => {
        return remaining > 0 && befalls(fault, asked) && (fault.rate === undefined || chance() < fault.rate);
      });
      if (entry === undefined) return undefined;
      if (entry.passing > 0) {
        entry.passing -= 1;
        return undefined;
      }
      entry.remaining -= 1;
      entry.hits += 1;
      entry.hit.open();
      return { effect: entry.fault, released: entry.released.opened };
    },
    clear() {
      for (const { released } of entries) released.open();
      entries = [];
    },
  };
}

function befalls({ operationId, role, scheme }: Fault, asked: Asked): boolean {
  if (operationId !== undefined && operationId !== asked.operationId) return false;
  if (role === undefined && scheme === undefined) return true;
  return asked.roles.some((one) => (role ?? one.role) === one.role && (scheme ?? one.scheme) === one.scheme);
}

interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

function createGate(): Gate {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
