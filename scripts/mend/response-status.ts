/** Responses under keys that no response can have. */

import { isObject, type Json, list } from "../spec/pointer.js";
import { withMember } from "./rewrite.js";
import { RESPONSE_STATUS } from "./rules.js";
import type { Structure } from "./structure.js";
import { below, type Trail } from "./trail.js";

const STATUS = /^(?:[1-5](?:\d\d|XX)|default)$/;

export function mendStatuses(operation: Json, trail: Trail | undefined, structure: Structure): Json {
  const { responses } = operation;
  if (!isObject(responses) || Object.keys(responses).every((status) => STATUS.test(status) || status.startsWith("x-"))) {
    return operation;
  }
  const place = below(trail, "responses");
  const taken = new Set(Object.keys(responses));
  const mended = Object.entries(responses).flatMap(([status, response]): [string, unknown][] => {
    if (STATUS.test(status) || status.startsWith("x-")) return [[status, response]];
    const [code, ...further] = statusesIn(status).filter((one) => !taken.has(one));
    const outcome = code === undefined ? "it is left out" : `it is taken for ${[code, ...further].join(" and ")}`;
    structure.tell(RESPONSE_STATUS, below(place, status), { part: "key", message: `"${status}" is no status; ${outcome}` });
    const found = code === undefined ? [] : [code, ...further];
    for (const one of found) {
      taken.add(one);
      structure.moveKey(below(place, status), one);
    }
    return found.map((one) => [one, response]);
  });
  return withMember(operation, "responses", Object.fromEntries(mended));
}

/** `2xx`, `200 OK`, `Default` and `200,201` say plainly what they mean. */
function statusesIn(stated: string): readonly string[] {
  const text = stated.trim();
  if (/^(?:default|error)$/i.test(text)) return ["default"];
  const range = /^([1-5])(?:xx|\*\*|xx?\*?)$/i.exec(text);
  if (range) return [`${range[1]}XX`];
  return list(text.match(/(?<!\d)[1-5]\d\d(?!\d)/g)).map(String);
}
