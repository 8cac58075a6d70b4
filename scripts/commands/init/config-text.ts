/** `keyturn.config.yaml` as `init` writes it, with a word about everything that may be set. */

import { comment, flow, scalar } from "./yaml.js";

export interface ChosenApi {
  readonly name: string;
  readonly title: string;
  readonly document: string;
  readonly overlays: readonly string[];
  readonly client?: string;
  readonly tags: readonly string[];
  readonly strict: boolean;
  readonly remote: readonly string[];
}

export interface ChosenProject {
  readonly apis: readonly ChosenApi[];
  readonly out: string;
  readonly runtime?: string;
}

export function configText({ apis, out, runtime }: ChosenProject): string {
  return `${[
    "# yaml-language-server: $schema=./node_modules/keyturn/scripts/config.schema.json",
    "# What keyturn generates in this project. Paths are relative to this file.",
    "",
    "apis:",
    ...apis.flatMap((api, index) => apiLines(api, index === 0)),
    "",
    `out: ${scalar(out)} # one folder for each API; generated files are committed, and never edited`,
    runtime === undefined ? "# runtime: keyturn # what generated code imports the runtime from" : `runtime: ${scalar(runtime)}`,
    "# templates: my-templates # templates that take the place of keyturn's own, or add files",
    "# lint: { profile: strict } # minimal, recommended or strict; single rules: { rules: { some-rule: off } }",
  ].join("\n")}\n`;
}

function apiLines({ name, title, document, overlays, client, tags, strict, remote }: ChosenApi, isFirst: boolean): string[] {
  const said = (text: string): string[] => [`    ${text}`];
  /** What is not set is shown once. */
  const hint = (text: string): string[] => (isFirst ? [`    # ${text}`] : []);
  return [
    `  ${scalar(name)}: # ${comment(title)}`,
    ...said(`document: ${scalar(document)}`),
    ...(overlays.length > 0
      ? said(`overlays: ${flow(overlays)}`)
      : hint(`overlays: [${comment(name)}.overlay.yaml] # changes beside the document, such as the lifecycles of its tokens`)),
    ...(client === undefined ? hint("client: MyService # the name in code") : said(`client: ${scalar(client)}`)),
    ...(tags.length > 0
      ? said(`include: { tags: ${flow(tags)} }`)
      : hint("include: { tags: [some-tag] } # only some operations; also by paths and operationIds")),
    ...(strict ? said("strict: true") : hint("strict: true # take each mending of the document for an error")),
    ...(remote.length > 0
      ? said(`remote: ${flow(remote)}`)
      : hint("remote: [api.example.com] # hosts that references may lead to")),
  ];
}
