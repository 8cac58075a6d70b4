/** The pictures and diagrams of `explain`: whatever a document calls things, they are labels, and nothing runs, leads or loads. */

import { describe, expect, test } from "vitest";
import { explainApi } from "../../scripts/explain/explanation.js";
import { explainAsMermaid } from "../../scripts/explain/mermaid.js";
import { explainAsSvg } from "../../scripts/explain/svg.js";
import { buildModel } from "../../scripts/model/build.js";
import { asDocument } from "../support/render-document.js";
import { BREAKOUTS } from "./breakouts.js";
import { everywhere, hostileDocument } from "./document.js";
import { plantedCall } from "./scan.js";

const TEXTS = Object.entries(BREAKOUTS).map(([name, breakout], id) => [name, breakout(plantedCall(id))] as const);

/** The API of a document that has the text in every field, and once more in each label of a life, whatever puts it there. */
function explanationOf(text: string) {
  const document = asDocument("hostile", hostileDocument(everywhere(text)));
  const { schemes, ...api } = explainApi(text, document, buildModel(document));
  const labelled = schemes.map((scheme) => {
    if (scheme.life === undefined) return scheme;
    const states = scheme.life.states.map((state) => ({ ...state, label: text }));
    const transitions = scheme.life.transitions.map((transition) => ({ ...transition, label: text }));
    return { ...scheme, life: { states, transitions } };
  });
  return { ...api, schemes: [...schemes, ...labelled] };
}

const NUMBER = String.raw`-?\d+(?:\.\d)?`;
const TEXT = '[^<>&"\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029]|&(?:amp|lt|gt|quot);|[\\u200c\\u200d]';

/** Every tag that a picture has, to the letter; what stands between them is text. */
const TAGS = [
  `svg xmlns="http://www\\.w3\\.org/2000/svg" role="img" aria-label="(?:${TEXT})*" width="${NUMBER}" height="${NUMBER}" viewBox="0 0 ${NUMBER} ${NUMBER}"`,
  "/svg|style|/style|/g|/text|/tspan",
  `rect class="page" x="0\\.5" y="0\\.5" width="${NUMBER}" height="${NUMBER}" rx="8"/`,
  `rect class="box (?:plain|call|good|warn|bad)" x="${NUMBER}" y="${NUMBER}" width="${NUMBER}" height="${NUMBER}" rx="9"/`,
  `circle class="start" cx="${NUMBER}" cy="${NUMBER}" r="7"/`,
  `g transform="translate\\(${NUMBER} ${NUMBER}\\)"`,
  `text class="(?:title|note|label|state)"(?: x="${NUMBER}")?(?: y="${NUMBER}")? font-size="${NUMBER}"(?: font-weight="600"| text-anchor="middle")?`,
  `tspan x="${NUMBER}" y="${NUMBER}"`,
  `path class="(?:link|head)" d="[MLClhvz\\d .-]+"/`,
].join("|");
const PICTURE = new RegExp(`^(?:<(?:${TAGS})>|${TEXT}|\n)*$`, "u");

const LABEL = String.raw`(?:[\p{L}\p{N} .,_=≤≥/'()-]|#\d+;)+`;
const DIAGRAM = new RegExp(
  [
    String.raw`%% No scheme of ${LABEL} says how its tokens live\.`,
    "stateDiagram-v2",
    ` {2}state "${LABEL}" as [A-Za-z]+`,
    String.raw` {2}(?:[A-Za-z]+|\[\*\]) --> [A-Za-z]+(?: : ${LABEL})?`,
    `### ${LABEL}`,
    "```(?:mermaid)?",
    "",
  ]
    .map((line) => `^${line}$`)
    .join("|"),
  "u",
);

describe.each(TEXTS)("a document that holds %s", (_name, text) => {
  test("is drawn as labels", () => {
    const explanation = explanationOf(text);
    expect(explanation.schemes.some(({ life }) => life !== undefined)).toBe(true);
    const svg = explainAsSvg(explanation);
    // The style is the picture's own, the same for every document.
    expect(svg.split("<style>")).toHaveLength(2);
    expect(svg.replace(/<style>.*?<\/style>/s, "")).toMatch(PICTURE);
    expect(
      explainAsMermaid(explanation)
        .split("\n")
        .filter((line) => !DIAGRAM.test(line)),
    ).toEqual([]);
  });
});

test.each([
  "<script>pwned()</script>",
  '<a href="javascript:pwned()">x</a>',
  '<text class="note" x="1" y="1" font-size="1" onclick="x">',
  "&x;",
  "\u202e",
])("the judge of these tests finds %j in a picture", (leak) => {
  const svg = explainAsSvg(explanationOf("harmless")).replace(/<style>.*?<\/style>/s, "");
  expect(svg).toMatch(PICTURE);
  expect(svg.replace("</svg>", () => `${leak}</svg>`)).not.toMatch(PICTURE);
});
