/** A configuration's text to its plain data, or to everything that is wrong with it, each with its place. */

import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { at } from "../../src/lifecycle/expression.js";
import type { Config } from "../config.js";
import { type Diagnostic, inOrder } from "../diagnostics.js";
import { isSafeName } from "../files.js";
import { packageFile } from "../root.js";
import type { Finding } from "../rules/rule.js";
import { findingsOf } from "../rules/structure.js";
import { parseText } from "../spec/parse.js";
import { isObject, join, object } from "../spec/pointer.js";

export interface CheckedConfig {
  /** Left out when something is wrong. */
  readonly config?: Config;
  readonly diagnostics: readonly Diagnostic[];
}

/** @param file how the diagnostics name it. */
export function checkConfig(file: string, text: string): CheckedConfig {
  const { root: data, problems, positions } = parseText(text);
  const malformed = problems.map(({ message, start, end }): Diagnostic => {
    return { rule: "config-syntax", severity: "error", message, file, ...positions.span(start, end) };
  });
  if (malformed.length > 0) return { diagnostics: malformed };

  const diagnostics = [...structureFindings(data), ...pathFindings(data), ...nameFindings(data)].map(
    ({ pointer, part, message, hint }): Diagnostic => ({
      rule: "config",
      severity: "error",
      message,
      ...(hint !== undefined && { hint }),
      file,
      ...positions.locate(pointer, part),
      pointer,
    }),
  );
  return diagnostics.length > 0 ? { diagnostics: inOrder(diagnostics) } : { config: data as Config, diagnostics };
}

/** Each fault at the value that says it; one that stands nowhere in the text is left out. */
export function locateFaults(
  file: string,
  text: string,
  faults: readonly { readonly message: string; readonly pointer?: string }[],
): Diagnostic[] {
  const { root, positions } = parseText(text);
  const located = faults.flatMap(({ message, pointer }): Diagnostic[] => {
    if (pointer === undefined || at(root, pointer) === undefined) return [];
    return [{ rule: "config", severity: "error", message, file, ...positions.locate(pointer), pointer }];
  });
  return inOrder(located);
}

function structureFindings(data: unknown): Finding[] {
  const ajv = new Ajv2020({ allErrors: true, verbose: true, strictTypes: false, strictRequired: false });
  const validate = ajv.compile(JSON.parse(readFileSync(packageFile("scripts/config.schema.json"), "utf8")) as object);
  validate(data);
  return findingsOf(validate.errors, "the configuration");
}

/** Where nothing but files of a kind may be named: output stays below the configuration, and documents are files. */
function pathFindings(data: unknown): Finding[] {
  const { out, apis } = object(data);
  const outside = typeof out === "string" && isOutside(out);
  const addresses = Object.entries(object(apis)).flatMap(([name, api]) => {
    const { document, overlays } = object(api);
    const at = join("/apis", name);
    const listed = Array.isArray(overlays) ? overlays : [];
    return [
      { pointer: `${at}/document`, value: document },
      ...listed.map((value: unknown, index) => ({ pointer: `${at}/overlays/${index}`, value })),
    ].filter(({ value }) => typeof value === "string" && /^[a-z][a-z\d+.-]+:\/\//i.test(value));
  });
  return [
    ...(outside ? [{ pointer: "/out", message: `"out" is a folder below that of the configuration, not "${out}"` }] : []),
    ...addresses.map(({ pointer, value }) => ({
      pointer,
      message: `"${String(value)}" is an address, and documents are files`,
      hint: "download it, so that what is generated changes only when you change it",
    })),
  ];
}

/** Names that are folders on one system and not on another; the pattern of the schema finds the others. */
function nameFindings(data: unknown): Finding[] {
  const apis = object(data)["apis"];
  if (!isObject(apis)) return [];
  const seen = new Map<string, string>();
  return Object.keys(apis).flatMap((name): Finding[] => {
    const pointer = join("/apis", name);
    const other = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    if (other !== undefined) {
      const message = `"${other}" and "${name}" would share a folder where upper and lower case are the same`;
      return [{ pointer, part: "key", message, hint: "rename one of them" }];
    }
    const isDevice = /^\w(?:[\w.-]*\w)?$/.test(name) && !isSafeName(name);
    return isDevice ? [{ pointer, part: "key", message: `"${name}" cannot be the name of a folder on Windows` }] : [];
  });
}

function isOutside(folder: string): boolean {
  const parts = folder.split(/[\\/]/);
  if (/^(?:[\\/]|[a-z]:)/i.test(folder)) return true;
  let depth = 0;
  for (const part of parts) {
    if (part === "..") depth -= 1;
    else if (part !== "." && part !== "") depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
