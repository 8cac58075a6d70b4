/**
 * Names under guard. openapi-typescript builds paths out of names and takes them apart again as references, in which `%`
 * and `#` have a meaning, and a name without letters none; a property called `100%` makes it throw. So these go in behind a
 * character that hardly a document uses (and that character itself as well), and come out again in its text.
 */

const GUARD = "\uE000";
const GUARDED = ["%", "#", GUARD, ""];

export function guardName(name: string): string {
  if (name === "") return `${GUARD}${GUARDED.indexOf("")}`;
  return name.replace(/[%#\uE000]/g, (character) => `${GUARD}${GUARDED.indexOf(character)}`);
}

export function unguardText(text: string): string {
  return text.replace(/\uE000([0-3])/g, (_guarded, index: string) => GUARDED[Number(index)] ?? "");
}

/** A reference to a component that stands under a guarded name. */
export function componentReference(kind: string, name: string): string {
  return `#/components/${kind}/${guardName(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
