/** The types of a document's paths and components, written by openapi-typescript. */

import type { GlobalContext, OpenAPI3 } from "openapi-typescript";
import type * as TypeScript from "typescript";
import type { Document } from "../../spec/document.js";
import { inert } from "../inert.js";
import { openapiTypescript as tool, ts } from "../tools.js";
import { unguardText } from "./guarded.js";
import { unmark } from "./marked.js";
import { type FilledOperation, SchemaModule } from "./module.js";
import { prepare } from "./prepare.js";
import { printDeclarations } from "./print.js";
import { dropRepeated } from "./repeated.js";

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

type Helper = GlobalContext["injectFooter"][number];

/** The types of a document. */
export interface SchemaTypes {
  /** The text of the module that declares `paths`, `components` and `operations`. */
  readonly text: string;
  /** Whether it declares a type at that path: `["operations", "login", "responses", "200"]`. */
  readonly hasType: (path: readonly string[]) => boolean;
}

/** @param operations those with parameters that are filled: the types demand none of these. */
export function schemaTypes(document: Document, operations: readonly FilledOperation[] = []): SchemaTypes {
  const prepared = prepare(document) as unknown as OpenAPI3;
  const helper = tool.stringToAST(WITH_REQUIRED)[0] as Helper;
  const context = contextFor(prepared, helper);
  const nodes = tool.transformSchema(prepared, context).filter((node) => node !== helper && !isExtra(node));
  unmark(nodes);
  if (Object.keys(context.discriminators.objects).length > 0) dropRepeated(nodes);
  const module = new SchemaModule(nodes);
  module.markFilledParameters(operations);
  const text = inert(unguardText(printDeclarations(nodes)));
  const used = HELPERS.filter(([use]) => text.includes(use)).map(([, declaration]) => `\n${declaration}\n`);
  return { text: text + used.join(""), hasType: (path) => module.hasType(path) };
}

function contextFor(prepared: OpenAPI3, helper: Helper): GlobalContext {
  const context: Omit<GlobalContext, "redoc"> = {
    additionalProperties: false,
    alphabetize: false,
    arrayLength: false,
    conditionalEnums: false,
    dedupeEnums: false,
    // A member with a default may be left out of a request; the tool's own default would demand it.
    defaultNonNullable: false,
    discriminators: tool.scanDiscriminators(prepared, { silent: true }),
    emptyObjectsUnknown: true,
    enum: false,
    enumValues: false,
    excludeDeprecated: false,
    exportType: false,
    generatePathParams: false,
    immutable: false,
    injectFooter: [helper],
    makePathsEnum: false,
    pathParamsAsTypes: false,
    postTransform: undefined,
    propertiesRequiredByDefault: false,
    readWriteMarkers: true,
    resolve: <T>($ref: string) => tool.resolveRef<T>(prepared, $ref, { silent: true }),
    rootTypes: false,
    rootTypesKeepCasing: false,
    rootTypesNoSchemaPrefix: false,
    silent: true,
    transform: undefined,
    transformProperty: undefined,
  };
  // `redoc` is the tool's configuration for reading and checking documents, which has happened here before.
  return context as GlobalContext;
}

/** Empty declarations where a document has nothing of the kind, and the tool's own helpers: nobody asks for them. */
const EXTRAS = ["webhooks", "$defs", "$Read", "$Write", "Readable", "Writable"];

function isExtra(node: TypeScript.Node): boolean {
  return ts.isTypeAliasDeclaration(node) && EXTRAS.includes(node.name.text);
}
