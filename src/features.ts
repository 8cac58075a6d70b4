/**
 * What only some documents need of the runtime. A generated client imports what its own document does, and a bundler leaves
 * out the rest; a client that is made by hand has everything.
 */

import { compileFill } from "./fill.js";
import type { ApiDefinition } from "./lifecycle/contract.js";
import { type FeatureName, featuresOf } from "./lifecycle/features.js";
import { functions } from "./lifecycle/functions.js";
import type { Functions } from "./lifecycle/value.js";
import { variables } from "./servers.js";
import { askPerson } from "./tokens/challenge.js";
import { takeUpInitial } from "./tokens/initial.js";
import { refresh } from "./tokens/lost.js";
import { revokeGrant } from "./tokens/revoke.js";
import { tokens } from "./tokens/slot.js";
import { writeParts } from "./wire/multipart.js";
import { itemsOf } from "./wire/streams.js";
import { styles } from "./wire/styles.js";

export {
  askPerson as challenges,
  compileFill as fill,
  functions,
  itemsOf as streams,
  refresh,
  revokeGrant as revoke,
  styles,
  takeUpInitial as initial,
  tokens,
  variables,
  writeParts as multipart,
};

/** Parts of the runtime, each for the documents that need it. */
export interface Features extends Partial<Record<FeatureName, unknown>> {
  /** Token calls that a person must answer for: a second factor, say. */
  readonly challenges?: typeof askPerson;
  /** Parameters that carry `x-fill`. */
  readonly fill?: typeof compileFill;
  /** What asks the clock, chance or a digest, and tokens whose end is a moment or a claim. */
  readonly functions?: Functions;
  /** Outputs that the caller may hold already. */
  readonly initial?: typeof takeUpInitial;
  /** Bodies of several parts, handed in as values. */
  readonly multipart?: typeof writeParts;
  /** Tokens that are refreshed, or recovered. */
  readonly refresh?: typeof refresh;
  /** Grants that can be ended at the service. */
  readonly revoke?: typeof revokeGrant;
  /** Answers that come in items. */
  readonly streams?: typeof itemsOf;
  /** Parameters, and properties of forms, in another style than that of their place. */
  readonly styles?: typeof styles;
  /** Schemes that hold tokens which turn. */
  readonly tokens?: typeof tokens;
  /** Servers whose address has variables. */
  readonly variables?: typeof variables;
}

export const everything: Required<Features> = {
  challenges: askPerson,
  fill: compileFill,
  functions,
  initial: takeUpInitial,
  multipart: writeParts,
  refresh,
  revoke: revokeGrant,
  streams: itemsOf,
  styles,
  tokens,
  variables,
};

/** @throws {TypeError} when a definition needs what is not among the features. */
export function checkFeatures(definition: ApiDefinition, features: Features): void {
  for (const name of featuresOf(definition)) {
    if (features[name] === undefined) {
      throw new TypeError(`${definition.name} needs ${name}: hand it to createClientWith, or use createClient`);
    }
  }
}
