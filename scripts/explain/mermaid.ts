/** The life of tokens as Mermaid's state diagrams: those of the generated README. */

import type { TokenLife } from "../model/model.js";
import { mermaidText } from "../render/markdown.js";
import type { Explanation } from "./explanation.js";

/** Diagrams of a whole API: one alone as it is, several as Markdown with headings, which says it when there is none. */
export function explainAsMermaid({ title, schemes }: Explanation): string {
  const drawn = schemes.flatMap(({ name, life }) => (life === undefined ? [] : [{ name, diagram: diagram(life) }]));
  if (drawn.length === 0) return `%% No scheme of ${mermaidText(title)} says how its tokens live.\nstateDiagram-v2\n`;
  if (drawn.length === 1) return drawn[0]!.diagram;
  return drawn.map(({ name, diagram: one }) => `### ${mermaidText(name)}\n\n\`\`\`mermaid\n${one}\`\`\`\n`).join("\n");
}

function diagram({ states, transitions }: TokenLife): string {
  return [
    "stateDiagram-v2",
    ...states.map(({ name, label }) => `  state "${mermaidText(label)}" as ${name}`),
    ...transitions.map(
      ({ from = "[*]", to, label }) => `  ${from} --> ${to}${label === undefined ? "" : ` : ${mermaidText(label)}`}`,
    ),
    "",
  ].join("\n");
}
