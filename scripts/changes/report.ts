/** What changed in each API of a project, as `check` tells it. */

import type { Change, Impact } from "./change.js";

/** What the present document was compared with. */
export interface Base {
  /** How messages call it: `9798a1b of 2026-11-20`. */
  readonly label: string;
  readonly commit: string;
}

export interface ApiChanges {
  readonly api: string;
  /** The document's path; that of the base when it is gone. */
  readonly document: string;
  /** Left out when there was nothing to compare with; `note` says why. */
  readonly base?: Base;
  readonly changes: readonly Change[];
  /** What a reader should know beside the changes: one sentence without a full stop. */
  readonly note?: string;
}

export function countImpact(changes: readonly Change[], impact: Impact): number {
  return changes.filter((change) => change.impact === impact).length;
}

/** `2 breaking, 1 risky and 3 safe changes`. */
export function countedChanges(changes: readonly Change[]): string {
  const counts = (["breaking", "risky", "safe"] as const).flatMap((impact) => {
    const count = countImpact(changes, impact);
    return count === 0 ? [] : [`${count} ${impact}`];
  });
  const last = counts.at(-1);
  if (last === undefined) return "no changes";
  const noun = last.startsWith("1 ") ? "change" : "changes";
  return `${counts.length === 1 ? last : `${counts.slice(0, -1).join(", ")} and ${last}`} ${noun}`;
}

/** `getAccount`, `getAccount and listAccounts`, `getAccount, listAccounts and 12 more`. */
export function operationsInWords(operations: readonly string[], listed = 3): string {
  if (operations.length <= 1) return operations[0] ?? "";
  if (operations.length <= listed) return `${operations.slice(0, -1).join(", ")} and ${operations.at(-1)}`;
  return `${operations.slice(0, listed - 1).join(", ")} and ${operations.length - listed + 1} more`;
}

/** Whether the message itself names the operation or the webhook. */
export function isNamed({ kind, operations }: Change): boolean {
  return operations.length === 0 || /^(?:operation|webhook)-/.test(kind);
}
