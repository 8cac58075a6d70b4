/** What has been found, each change once, however many operations it concerns. */

import type { Finding } from "./change.js";

export interface Found {
  readonly finding: Finding;
  readonly operations: Set<string>;
}

export class Findings {
  readonly #byIdentity = new Map<string, Found>();

  /** @param operation the one that is concerned; left out for what concerns the whole API. */
  add(finding: Finding, operation?: string): void {
    const identity = `${finding.kind} ${finding.was ?? finding.pointer} ${finding.message}`;
    const found = this.#byIdentity.get(identity) ?? { finding, operations: new Set() };
    this.#byIdentity.set(identity, found);
    if (operation !== undefined) found.operations.add(operation);
  }

  all(): Found[] {
    return [...this.#byIdentity.values()];
  }
}
