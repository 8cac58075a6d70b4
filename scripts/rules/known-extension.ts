import { LIFECYCLE } from "../../src/lifecycle/definition.js";
import { edits } from "../nearest.js";
import { OWN_EXTENSIONS, type OwnExtension } from "./extensions.js";
import type { Rule } from "./rule.js";

export const knownExtension: Rule = {
  id: "known-extension",
  description: "The extensions of the language are spelled as they are, and stand where they have a meaning.",
  severity: "error",
  *check({ extensions }) {
    // In a document without a lifecycle the short names are somebody else's as likely as not.
    const isOurs = extensions.some(({ name }) => OWN_EXTENSIONS.some((own) => own.name === LIFECYCLE && isSlip(name, own)));
    for (const { name, owner, pointer } of extensions) {
      const own = OWN_EXTENSIONS.find((extension) => extension.name === name);
      const severity = isOurs ? "error" : "warning";
      if (own !== undefined) {
        if (own.stands(owner)) continue;
        const message = `"${name}" has no meaning here`;
        yield { pointer, part: "key", severity, message, hint: `it stands on a ${own.object}` };
        continue;
      }
      const meant = OWN_EXTENSIONS.find((extension) => isSlip(name, extension) && extension.stands(owner));
      if (meant === undefined) continue;
      const message = `"${name}" is no extension that is known here`;
      yield { pointer, part: "key", severity, message, hint: `did you mean "${meant.name}"?` };
    }
  },
};

/** Extensions of others are none of our business: only a name as good as ours is a slip. */
function isSlip(name: string, own: OwnExtension): boolean {
  const length = own.name.length;
  return Math.abs(name.length - length) <= 3 && edits(name.toLowerCase(), own.name) <= (length > 12 ? 3 : 2);
}
