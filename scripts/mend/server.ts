/** Servers with addresses that no request can go to. */

import { isObject, type Json, object } from "../spec/pointer.js";
import { mapMembers, withMember } from "./rewrite.js";
import { SERVER } from "./rules.js";
import type { Structure } from "./structure.js";
import { below, type Trail } from "./trail.js";

export function mendServer(stated: Json, trail: Trail | undefined, structure: Structure): Json | undefined {
  if (typeof stated["url"] !== "string" || stated["url"].trim() === "") {
    structure.tell(SERVER, trail, { message: "a server without an address is left out" });
    return undefined;
  }
  const value = withVariables(stated, trail, structure);
  const url = String(value["url"]);
  const mended = addressOf(url, object(value["variables"]), structure.self());
  if (mended === undefined) {
    structure.tell(SERVER, below(trail, "url"), { message: `"${url}" is no address; the server is left out` });
    return undefined;
  }
  if (isRelative(url)) {
    const message = `"${url}" is relative, and nothing says to what; outside of a browser a client needs a baseUrl`;
    if (mended === url) structure.tell(SERVER, below(trail, "url"), { message, severity: "info" });
  } else if (mended !== url) {
    const message = `"${url}" is not the address of a server; it is taken for "${mended}"`;
    structure.tell(SERVER, below(trail, "url"), { message });
  }
  return withMember(value, "url", mended);
}

/**
 * A variable without a default is the first of its values. Where there is none either, it stays in the address as it is
 * written: no request goes anywhere until the caller has named a value.
 */
function withVariables(value: Json, trail: Trail | undefined, structure: Structure): Json {
  const stated = object(value["variables"]);
  const place = below(trail, "variables");
  const mended = mapMembers(stated, (variable, name) => {
    if (!isObject(variable) || typeof variable["default"] === "string") return variable;
    const [first] = Array.isArray(variable["enum"]) ? variable["enum"] : [];
    const outcome = typeof first === "string" ? `"${first}" is taken` : GIVE_IT;
    structure.tell(SERVER, below(place, name), {
      part: "key",
      message: `the server variable "${name}" has no default; ${outcome}`,
    });
    return { ...variable, default: typeof first === "string" ? first : `{${name}}` };
  });
  for (const [, name = ""] of String(value["url"]).matchAll(/\{([^{}]+)\}/g)) {
    if (Object.hasOwn(mended, name)) continue;
    structure.tell(SERVER, below(trail, "url"), { message: `the server variable "${name}" is not described; ${GIVE_IT}` });
  }
  return value["variables"] === undefined ? value : withMember(value, "variables", mended);
}

function isRelative(url: string): boolean {
  return /^[/.]/.test(url.trim()) && !url.trim().startsWith("//");
}

const GIVE_IT = "a client needs it as one of its variables";

/** The address as requests need it: relative ones by the document's own, where it states that. */
function addressOf(stated: string, variables: Json, self: string | undefined): string | undefined {
  const url = stated.trim();
  const example = (address: string) =>
    address.replace(/\{([^{}]+)\}/g, (_, name: string) => String(object(variables[name])["default"] ?? name));
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(example(url))) return URL.canParse(example(url)) ? url : undefined;
  if (url.startsWith("//")) return URL.canParse(`https:${example(url)}`) ? `https:${url}` : undefined;
  // A host without a scheme, as browsers show it.
  if (/^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/|$)/.test(example(url)) || /^localhost(?::\d+)?(?:\/|$)/.test(url)) {
    return `${url.startsWith("localhost") ? "http" : "https"}://${url}`;
  }
  if (!URL.canParse(example(url), self ?? "https://relative.invalid/")) return undefined;
  return self !== undefined && URL.canParse(self) && !/[{}]/.test(url) ? new URL(url, self).href : url;
}
