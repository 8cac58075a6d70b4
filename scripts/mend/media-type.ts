/** Content under keys that are no media types. */

import { isObject, type Json } from "../spec/pointer.js";
import { withMember } from "./rewrite.js";
import { MEDIA_TYPE } from "./rules.js";
import type { Structure } from "./structure.js";
import { below, type Trail } from "./trail.js";

/** RFC 9110 section 8.3.1, and the ranges of section 12.5.1; what follows a semicolon is not looked at. */
const RANGE = /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+\s*(?:;.*)?$/;

const MEANT: Readonly<Record<string, string>> = {
  "*": "*/*",
  "": "*/*",
  any: "*/*",
  binary: "application/octet-stream",
  form: "application/x-www-form-urlencoded",
  "form-data": "multipart/form-data",
  formdata: "multipart/form-data",
  html: "text/html",
  json: "application/json",
  multipart: "multipart/form-data",
  pdf: "application/pdf",
  plain: "text/plain",
  schema: "application/json",
  text: "text/plain",
  urlencoded: "application/x-www-form-urlencoded",
  xml: "application/xml",
};

/** Whether a text is a media type, or a range of them. */
export function isMediaType(text: string): boolean {
  return RANGE.test(text);
}

export function mendContent(value: Json, trail: Trail | undefined, structure: Structure): Json {
  const { content } = value;
  if (!isObject(content) || Object.keys(content).every((key) => RANGE.test(key))) return value;
  const place = below(trail, "content");
  const taken = new Set(Object.keys(content));
  const mended = Object.entries(content).flatMap(([key, media]): [string, unknown][] => {
    if (RANGE.test(key)) return [[key, media]];
    const found = mediaTypesIn(key).filter((one) => !taken.has(one));
    const outcome = found.length === 0 ? "it is left out" : `it is taken for ${found.join(" and ")}`;
    structure.tell(MEDIA_TYPE, below(place, key), { part: "key", message: `"${key}" is no media type; ${outcome}` });
    for (const one of found) {
      taken.add(one);
      structure.moveKey(below(place, key), one);
    }
    return found.map((one) => [one, media]);
  });
  return withMember(value, "content", Object.fromEntries(mended));
}

/** A list of media types in one key stands for each of them; a word without a slash for the one that goes by it. */
function mediaTypesIn(key: string): readonly string[] {
  return key.split(/[,|\s]+/).flatMap((part) => {
    const text = part.trim();
    if (RANGE.test(text)) return [text];
    const lower = text.toLowerCase();
    return Object.hasOwn(MEANT, lower) ? [MEANT[lower]!] : [];
  });
}
