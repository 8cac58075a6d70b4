/** The types of a document's paths and components, written by openapi-typescript. */

import type { Document } from "../../spec/document.js";
import { Declarations } from "./declarations.js";
import type { FilledOperation } from "./module.js";
import { prepare } from "./prepare.js";

/**
 * `required` may name members that a part of a composition does not have, with which openapi-typescript's own helper does
 * not compile. This one, put in its place, asks for those that are there.
 */
const WITH_REQUIRED = "type WithRequired<T, K extends PropertyKey> = T & { [P in K & keyof T]-?: T[P] };";

/** What the types are written with, by a sign that they are. */
const HELPERS: readonly (readonly [use: string, declaration: string])[] = [
  ["WithRequired<", WITH_REQUIRED],
  [
    "$Read<",
    "/** A member that only answers have; requests are typed without it. */\nexport type $Read<T> = { readonly $read: T };",
  ],
  [
    "$Write<",
    "/** A member that only requests have; answers are typed without it. */\nexport type $Write<T> = { readonly $write: T };",
  ],
];

/** The types of a document. */
export interface SchemaTypes {
  /** The text of the module that declares `paths`, `components` and `operations`. */
  readonly text: string;
  /** Whether it declares a type at that path, which begins with an operation that was named: `["operations", "login", …]`. */
  readonly hasType: (path: readonly string[]) => boolean;
}

export interface SchemaTypesOptions {
  /** The operations with parameters that are filled: the types demand none of these. Default: none. */
  readonly filled?: readonly FilledOperation[];
  /** The names of the operations of which somebody will ask what types they have. Default: none. */
  readonly asked?: readonly string[];
}

export function schemaTypes(document: Document, { filled = [], asked = [] }: SchemaTypesOptions = {}): SchemaTypes {
  const declarations = new Declarations(prepare(document), { filled, asked: new Set(asked), withRequired: WITH_REQUIRED });
  const text = declarations.text();
  const used = HELPERS.filter(([use]) => text.includes(use)).map(([, declaration]) => `\n${declaration}\n`);
  return { text: text + used.join(""), hasType: declarations.hasType() };
}
