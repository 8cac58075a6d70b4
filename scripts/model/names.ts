/** Names in generated code: what a document calls its things, as far as TypeScript and the client leave the name free. */

/** The names that an API goes by in generated code. */
export interface ApiNames {
  /** `petstore`: the variable in examples. */
  readonly camel: string;
  /** `Petstore`: the beginning of its types, and the end of `createPetstore`. */
  readonly pascal: string;
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

// The reserved words of modules in strict mode, and the two names that such code may not declare.
const RESERVED_WORDS: ReadonlySet<string> = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false " +
    "finally for function if implements import in instanceof interface let new null package private protected public return " +
    "static super switch this throw true try typeof var void while with yield"
  ).split(" "),
);

/** Whether a text can stand in code as a name of its own, of a variable or function for instance. */
export function isIdentifier(text: string): boolean {
  return IDENTIFIER.test(text) && !RESERVED_WORDS.has(text);
}

/** Whether a text can follow a dot, or stand without quotes as the key of a member; reserved words can. */
export function isMemberName(text: string): boolean {
  return IDENTIFIER.test(text);
}

/** The names of an API in code, made of the letters and digits of the document's name. */
export function apiNames(name: string): ApiNames {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  const safe = /^[A-Za-z]/.test(pascal) ? pascal : `Api${pascal}`;
  const camel = safe.charAt(0).toLowerCase() + safe.slice(1);
  return { camel: isIdentifier(camel) ? camel : `${camel}Api`, pascal: safe };
}
