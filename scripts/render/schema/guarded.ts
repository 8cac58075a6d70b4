/**
 * Names under guard. openapi-typescript builds paths out of names and takes them apart again as references, in which `%`
 * and `#` have a meaning; a property called `100%` makes it throw. So both go in as characters that no document uses, and
 * come out again in its text.
 */

const PERCENT = "\uE000";
const HASH = "\uE001";

export function guardName(name: string): string {
  return name.replaceAll("%", PERCENT).replaceAll("#", HASH);
}

export function unguardText(text: string): string {
  return text.replaceAll(PERCENT, "%").replaceAll(HASH, "#");
}

/** A reference to a component that stands under a guarded name. */
export function componentReference(kind: string, name: string): string {
  return `#/components/${kind}/${guardName(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
