/** `keyturn explain`: how the tokens of an API live, as text or as a picture. */

import { printableJson } from "../diagnostics/printable.js";
import { type Explanation, explainApi } from "../explain/explanation.js";
import { explainAsMermaid } from "../explain/mermaid.js";
import { explainAsSvg } from "../explain/svg.js";
import { explainAsText } from "../explain/text.js";
import { nearest } from "../nearest.js";
import type { Project } from "../project.js";
import { defineCommand } from "./command.js";
import { CONFIG_FLAG, JSON_FLAG, projectIn } from "./options.js";
import { isColoured, painter } from "./paint.js";
import { readApis } from "./reading.js";
import type { Shell } from "./shell.js";
import { Refusal, UsageError } from "./usage.js";

export const command = defineCommand({
  name: "explain",
  summary: "show how the tokens of an API live",
  operands: "[api or document] [scheme]",
  description: [
    "Shows what each security scheme presents, what the caller supplies for it, and the states that its token passes through: what leads from one to the next, and what a failure leads to. It is what the README of a generated client shows, from the same model. Any document will do, with lifecycles or without.",
  ],
  flags: {
    ...CONFIG_FLAG,
    format: {
      type: "text",
      short: "f",
      value: "name",
      help: "how it is shown (default: text)",
      choices: ["text", "mermaid", "svg", "json"],
    },
    ...JSON_FLAG,
  },
  examples: [
    ["explain", "every API of the project"],
    ["explain petstore user", "one scheme of one API"],
    ["explain path/to/openapi.yaml --format svg > tokens.svg", "a picture for a page"],
    ["explain petstore --format mermaid", "a diagram that GitHub draws"],
  ],
  exits: [
    [0, "it was shown"],
    [1, "a document has errors"],
  ],
  async run({ flags, names }, shell) {
    if (names.length > 2) throw new UsageError("explain takes one API and one scheme");
    const format = flags.json ? "json" : (flags.format ?? "text");
    const { project, scheme } = await chosen(names, shell, flags.config);
    const apis = await readApis(project, shell, flags["no-color"]);
    if (apis === undefined) return 1;
    const explanations = apis.map(({ source, document, model }) => explainApi(source.name, document, model));
    shell.stdout.write(show(narrowed(explanations, scheme), format, shell, flags["no-color"]));
    return 0;
  },
});

type FormatName = "text" | "mermaid" | "svg" | "json";

function show(explanations: readonly Explanation[], format: FormatName, shell: Shell, isPlain: boolean): string {
  if (format === "json") return `${printableJson({ apis: explanations }, 2)}\n`;
  if (format === "mermaid") return explanations.map(explainAsMermaid).join("\n");
  if (format === "svg") {
    const [only, ...more] = explanations;
    if (only !== undefined && more.length === 0) return explainAsSvg(only);
    throw new Refusal(`a picture shows one API; name one of ${explanations.map(({ name }) => name).join(", ")}`);
  }
  const { stdout } = shell;
  const width = Math.min(Math.max(stdout.columns || 100, 60), 110);
  const paint = painter(isColoured(shell, stdout, isPlain));
  return explanations
    .map((explanation) => explainAsText(explanation, { paint, width }))
    .join(`\n${paint("dim", "─".repeat(width))}\n\n`);
}

/** The project of the APIs that are meant. A name alone may be that of a scheme, where no API and no file has it. */
async function chosen(
  [api, scheme]: readonly string[],
  shell: Shell,
  config: string | undefined,
): Promise<{ project: Project; scheme?: string }> {
  const options = config === undefined ? {} : { config };
  if (api === undefined) return { project: await projectIn(shell.folder, options) };
  try {
    const project = await projectIn(shell.folder, { ...options, documents: [api] });
    return { project, ...(scheme !== undefined && { scheme }) };
  } catch (error) {
    if (!(error instanceof UsageError) || scheme !== undefined || /[./\\]/.test(api)) throw error;
    const project = await projectIn(shell.folder, options).catch(() => undefined);
    const apis = project && (await readApis(project, { ...shell, stderr: { write: () => true } }, true));
    const isScheme = apis?.some(({ model }) => model.securitySchemes.some(({ name }) => name === api));
    if (project === undefined || isScheme !== true) throw error;
    return { project, scheme: api };
  }
}

/** Only the scheme of that name, in those APIs that have it. */
function narrowed(explanations: readonly Explanation[], scheme: string | undefined): readonly Explanation[] {
  if (scheme === undefined) return explanations;
  const found = explanations.flatMap((explanation) => {
    const schemes = explanation.schemes.filter(({ name }) => name === scheme);
    return schemes.length > 0 ? [{ ...explanation, schemes }] : [];
  });
  if (found.length > 0) return found;
  const known = [...new Set(explanations.flatMap(({ schemes }) => schemes.map(({ name }) => name)))];
  const near = nearest(scheme, known);
  const hint = near !== undefined ? `; did you mean ${near}?` : known.length > 0 ? `; there are ${known.join(", ")}` : "";
  throw new Refusal(`there is no security scheme "${scheme}"${hint}`);
}
