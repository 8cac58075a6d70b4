/** Parameters that could not be put on a request: without a name, or in no place that there is. */

import type { Json } from "../spec/pointer.js";
import { isBodyParameter } from "./body-parameter.js";
import { mendContent } from "./media-type.js";
import { TOKEN } from "./method.js";
import { withMember } from "./rewrite.js";
import { PARAMETER } from "./rules.js";
import type { Structure } from "./structure.js";
import { below, type Trail } from "./trail.js";

const PLACES = ["path", "query", "querystring", "header", "cookie"];

/** @see https://spec.openapis.org/oas/v3.2.0#style-values */
const STYLES: Readonly<Record<string, readonly string[]>> = {
  path: ["simple", "label", "matrix"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  querystring: [],
  header: ["simple"],
  cookie: ["form", "cookie"],
};

export function mendParameter(stated: Json, trail: Trail | undefined, structure: Structure): Json | undefined {
  if (isBodyParameter(stated)) {
    const message = `a parameter in: ${stated["in"]} is Swagger's; it is taken for the request body where there is no other`;
    structure.tell(PARAMETER, trail, { message });
    return undefined;
  }
  const place = placeOf(stated["in"]);
  const value = mendStyle(mendContent(stated, trail, structure), place, trail, structure);
  // Of a parameter that is the whole query string nobody needs the name.
  const said = value["name"] ?? (place === "querystring" ? "querystring" : undefined);
  // Around the name of a header nothing can stand.
  const name = place === "header" && typeof said === "string" ? said.trim() : said;
  const fault =
    typeof name !== "string" || name === ""
      ? "has no name"
      : place === undefined
        ? "has no place that there is"
        : place === "header" && !TOKEN.test(name)
          ? "has a name that no header can have"
          : undefined;
  if (fault !== undefined) {
    const label = typeof name === "string" && name !== "" ? `the parameter "${name}"` : "a parameter";
    const hint = place === undefined ? `"in" is one of ${PLACES.join(", ")}` : undefined;
    structure.tell(PARAMETER, trail, { message: `${label} ${fault}; it is left out`, hint });
    return undefined;
  }
  if (place !== value["in"]) {
    structure.tell(PARAMETER, below(trail, "in"), { message: `"${value["in"]}" is no place; it is taken for "${place}"` });
  }
  if (place !== "path" || value["required"] === true) return withMember(withMember(value, "in", place), "name", name);
  const message = `the parameter "${name}" stands in the path, so it is required`;
  structure.tell(PARAMETER, value["required"] === undefined ? trail : below(trail, "required"), { message });
  return { ...value, in: place, required: true };
}

/** In a style that its place has not, a value would not be read as what it is. */
function mendStyle(value: Json, place: string | undefined, trail: Trail | undefined, structure: Structure): Json {
  const { style } = value;
  if (style === undefined || place === undefined || STYLES[place]!.includes(String(style))) return value;
  const message = `"${style}" is no style of a parameter in: ${place}; the usual one is taken`;
  structure.tell(PARAMETER, below(trail, "style"), { message });
  return withMember(value, "style", undefined);
}

function placeOf(stated: unknown): string | undefined {
  const place = typeof stated === "string" ? stated.trim().toLowerCase() : undefined;
  if (place === "headers" || place === "cookies" || place === "paths") return place.slice(0, -1);
  return place !== undefined && PLACES.includes(place) ? place : undefined;
}
