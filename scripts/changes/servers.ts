/** Where requests go, before and now. */

import type { Server } from "../../src/lifecycle/contract.js";
import { join } from "../spec/pointer.js";
import type { Finding } from "./change.js";

export function compareServers(before: readonly Server[], after: readonly Server[]): Finding[] {
  const findings: Finding[] = [];
  const identities = new Set(after.map(identityOf));
  const at = (server: Server | undefined): string =>
    server === undefined ? "/servers" : join("/servers", after.indexOf(server));
  for (const old of before) {
    const present = after.find((server) => identityOf(server) === identityOf(old));
    // A server without a name can be chosen by nobody; the first is taken, which is compared below.
    if (present === undefined && old.name !== undefined) {
      findings.push({
        kind: "server-removed",
        impact: "breaking",
        message: `server ${identityOf(old)} is gone`,
        pointer: at(undefined),
      });
    } else if (present !== undefined) findings.push(...compareServer(old, present, at(present)));
  }
  const known = new Set(before.map(identityOf));
  for (const server of after) {
    if (known.has(identityOf(server)) || (server.name === undefined && after[0] === server)) continue;
    findings.push({
      kind: "server-added",
      impact: "safe",
      message: `server ${identityOf(server)} is new`,
      pointer: at(server),
    });
  }
  const [old, present] = [before[0], after[0]];
  if (old !== undefined && present !== undefined && identityOf(old) !== identityOf(present)) {
    const was = identities.has(identityOf(old)) ? identityOf(old) : old.url;
    const message = `requests go to ${present.url} unless another server is chosen, and went to ${was}`;
    findings.push({ kind: "server-changed", impact: "risky", message, pointer: at(present) });
  }
  return findings;
}

function compareServer(old: Server, present: Server, pointer: string): Finding[] {
  const name = `server ${identityOf(present)}`;
  const [was, is] = [old.variables ?? {}, present.variables ?? {}];
  const variables = [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((variable): Finding[] => {
    const [one, other] = [was[variable], is[variable]];
    if (JSON.stringify(one) === JSON.stringify(other)) return [];
    const what = other === undefined ? "is gone" : one === undefined ? "is new" : "has other values";
    const impact = other === undefined ? "breaking" : one === undefined ? "safe" : "risky";
    return [{ kind: "server-changed", impact, message: `variable "${variable}" of ${name} ${what}`, pointer }];
  });
  if (old.url === present.url) return variables;
  const message = `${name} is now ${present.url}, and was ${old.url}`;
  return [{ kind: "server-changed", impact: "risky", message, pointer }, ...variables];
}

function identityOf({ name, url }: Server): string {
  return name === undefined ? url : `"${name}"`;
}
