/** One document, read for playing: what never changes while the sandbox runs, and what does. */

import type { ApiDefinition } from "../lifecycle/contract.js";
import { readDefinition } from "../lifecycle/definition.js";
import { type Accounts, createAccounts } from "./accounts.js";
import { type Answers, createAnswers } from "./answers.js";
import { type DocumentedOperation, readBasePath, readOperations } from "./document.js";
import { createFaults, type Faults } from "./faults.js";
import { createLedger, type Ledger } from "./grants.js";
import type { Chance, Random } from "./random.js";
import { type Lifecycle, type Role, readLifecycles } from "./roles.js";
import { createRouter, type Router } from "./router.js";
import { createValidator, type Validator } from "./validation.js";

/** How an API plays what its document leaves open. */
export interface Settings {
  /**
   * How long tokens live, in seconds: of every output, or by output. `Infinity` is never, written as the document's
   * `never`. Default: what the document's example says, else its constant lifetime, else one hour.
   */
  readonly lifetimeSeconds?: number | Readonly<Record<string, number>>;
  /**
   * After how many refreshes a lifecycle that rotates `sometimes` replaces its refresh token; `Infinity` is never. Default:
   * every fifth time, and when at most one use would be left.
   */
  readonly rotateEvery?: number;
  /** How long every answer takes, in milliseconds of real time; of two figures any between them, by chance. */
  readonly latencyMs?: number | readonly [least: number, most: number];
}

/** A rotated refresh token was shown again outside its window, and the grant was revoked for it. */
export interface Alarm {
  readonly api: string;
  readonly scheme: string;
  readonly account: string;
  readonly at: number;
}

export interface Api {
  readonly name: string;
  readonly basePath: string;
  readonly definition: ApiDefinition;
  readonly operations: readonly DocumentedOperation[];
  readonly route: Router;
  readonly validator: Validator;
  readonly answers: Answers;
  readonly lifecycles: readonly Lifecycle[];
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly random: Random;
  readonly chance: Chance;
  readonly alarms: Alarm[];
  readonly unplayable: string[];
  now(): number;
  settings: Settings;
}

export interface ApiOptions {
  readonly name: string;
  readonly document: unknown;
  readonly settings: Settings;
  readonly random: Random;
  readonly chance: Chance;
  readonly alarms: Alarm[];
  readonly unplayable: string[];
  now(): number;
}

export function createApi({ name, document, ...shared }: ApiOptions): Api {
  const definition = readDefinition(document, name);
  const operations = readOperations(document);
  const note = (what: string): void => {
    shared.unplayable.push(`${name}: ${what}`);
  };
  return {
    ...shared,
    name,
    basePath: `/${encodeURIComponent(name)}${readBasePath(document)}`,
    definition,
    operations,
    route: createRouter(operations),
    validator: createValidator(document, definition, note),
    answers: createAnswers(document, note),
    lifecycles: readLifecycles(definition),
    accounts: createAccounts(definition),
    ledger: createLedger(),
    faults: createFaults(shared.chance),
  };
}

/** How long an answer takes this time, in milliseconds. */
export function latencyOf({ settings: { latencyMs = 0 }, chance }: Api): number {
  if (typeof latencyMs === "number") return latencyMs;
  const [least, most] = latencyMs;
  return least + (most - least) * chance();
}

/** The token calls that an operation is. */
export function rolesOf({ lifecycles }: Api, { operationId }: DocumentedOperation): Role[] {
  return lifecycles.flatMap(({ roles }) => roles.filter(({ call }) => call.operationId === operationId));
}
