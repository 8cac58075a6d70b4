/** The heart: two documents in, what changed for the users of the client out. Both have been mended; neither need be right. */

import { readDefinition } from "../../src/lifecycle/definition.js";
import { nameOperations } from "../../src/lifecycle/operations.js";
import type { Document } from "../spec/document.js";
import { type Change, type Finding, IMPACTS } from "./change.js";
import { Findings, type Found } from "./findings.js";
import { compareWebhooks, WEBHOOK } from "./incoming.js";
import { compareInputs, type Defined } from "./inputs.js";
import { compareSchemes } from "./lifecycles.js";
import { compareOperations } from "./operations.js";
import { Schemas } from "./schemas.js";
import { compareServers } from "./servers.js";

/**
 * Every change between two documents, the worst first, then in the order of the present one. Descriptions, examples and
 * whatever else only readers see are no changes.
 */
export function compareDocuments(before: Document, after: Document): Change[] {
  const findings = new Findings();
  const schemas = new Schemas(before, after);
  const [old, present] = [before, after].map((document) =>
    nameOperations(document.root, (value) => document.dereference(value)),
  );
  compareOperations(old ?? [], present ?? [], { before, after, schemas }, findings);
  compareWebhooks({ before, after, schemas }, findings);
  if (!schemas.report(findings)) findings.add(CUT);
  for (const finding of compareDefinitions(before, after)) findings.add(finding);

  const order = new Map((present ?? []).map(({ name }, index) => [name, index]));
  return findings
    .all()
    .map((found) => placed(after, found, order))
    .sort(byImpactAndPlace);
}

const CUT: Finding = {
  kind: "comparison-cut",
  impact: "risky",
  message: "there are too many schemas to compare, and not all of them were",
  pointer: "",
};

function compareDefinitions(before: Document, after: Document): Finding[] {
  let [old, present]: (Defined | undefined)[] = [];
  try {
    [old, present] = [before, after].map((document) => ({
      document,
      definition: readDefinition(document.root, document.name),
    }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `the lifecycles of tokens cannot be compared: ${reason}`;
    return [{ kind: "lifecycle-unreadable", impact: "risky", message, pointer: "/components/securitySchemes", part: "key" }];
  }
  if (old === undefined || present === undefined) return [];
  return [
    ...compareInputs(old, present),
    ...compareSchemes(old.definition, present.definition),
    ...compareServers(old.definition.servers, present.definition.servers),
  ];
}

function placed(after: Document, { finding, operations }: Found, order: ReadonlyMap<string, number>): Change {
  const { part, was: _was, ...told } = finding;
  // What is gone comes first, webhooks come last.
  const place = (name: string) => order.get(name) ?? (name.startsWith(WEBHOOK) ? order.size : -1);
  const names = [...operations].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
  return { ...told, ...after.locate(finding.pointer, part), operations: names };
}

function byImpactAndPlace(a: Change, b: Change): number {
  const byImpact = IMPACTS.indexOf(a.impact) - IMPACTS.indexOf(b.impact);
  return (
    byImpact || compareTexts(a.file, b.file) || a.line - b.line || a.column - b.column || compareTexts(a.message, b.message)
  );
}

/** By code unit, so that the order is the same under every locale. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
