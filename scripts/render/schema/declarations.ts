/**
 * The declarations of a document's types, made by openapi-typescript and printed piece by piece. The tree of all types takes
 * twenty times the memory of their text, and moving that about would take longer than making it.
 */

import type { ComponentsObject, GlobalContext, OpenAPI3 } from "openapi-typescript";
import type * as TypeScript from "typescript";
import { inert } from "../inert.js";
import { openapiTypescript as tool, ts } from "../tools.js";
import { discriminatorsIn } from "./discriminators.js";
import { guardName, unguardText } from "./guarded.js";
import { isMarkedPath, ownersIn, quoted, unmarkOperations, unmarkQuery } from "./marked.js";
import { type FilledOperation, memberNamed, nameOf, SchemaModule } from "./module.js";
import type { Prepared } from "./prepare.js";
import { printMembers } from "./print.js";
import { resolverFor } from "./resolver.js";

/** So many members of a map are made at once: enough to be worth it, and few enough to be forgotten soon. */
const AT_ONCE = 100;

export interface DeclarationsOptions {
  readonly filled: readonly FilledOperation[];
  /** The names of the operations of which somebody will ask what types they have. */
  readonly asked: ReadonlySet<string>;
  /** What the tool's helper `WithRequired` is instead of its own. */
  readonly withRequired: string;
}

type Members = readonly TypeScript.TypeElement[];
type Footer = GlobalContext["injectFooter"];

export class Declarations {
  readonly #prepared: Prepared;
  readonly #context: Omit<GlobalContext, "injectFooter">;
  readonly #helper: Footer;
  readonly #filled: ReadonlyMap<string, readonly FilledOperation[]>;
  readonly #asked: ReadonlySet<string>;
  /** What is not forgotten, as it will be asked for. */
  readonly #kept: { operations: TypeScript.TypeElement[]; responses: TypeScript.TypeElement[] } = {
    operations: [],
    responses: [],
  };

  constructor(prepared: Prepared, { filled, asked, withRequired }: DeclarationsOptions) {
    this.#prepared = prepared;
    this.#context = contextFor(prepared as unknown as OpenAPI3);
    this.#helper = tool.stringToAST(withRequired) as readonly TypeScript.Node[] as Footer;
    this.#filled = byPlace(filled);
    this.#asked = asked;
  }

  text(): string {
    const { paths, webhooks, callbacks, components } = this.#prepared;
    const operations: string[] = [];
    const declared = [
      declaration("paths", this.#paths(paths, operations)),
      ...(Object.keys(webhooks).length > 0 ? [declaration("webhooks", this.#webhooks(webhooks))] : []),
      ...(Object.keys(callbacks).length > 0 ? [declaration("callbacks", this.#callbacks(callbacks))] : []),
      declaration("components", this.#components(components)),
      declaration("operations", operations),
    ];
    return declared.join("\n");
  }

  /** @returns whether a type is declared at a path. */
  hasType(): (path: readonly string[]) => boolean {
    const { operations, responses } = this.#kept;
    const kind = ts.factory.createPropertySignature(
      undefined,
      "responses",
      undefined,
      ts.factory.createTypeLiteralNode(responses),
    );
    const module = new SchemaModule({ operations, components: [kind] });
    return (path) => module.hasType(path);
  }

  /** Operations are declared along with the paths that hold them. */
  #paths(paths: Prepared["paths"], operations: string[]): string[] {
    return piecesOf(paths).map((piece) => {
      const footer = [...this.#helper];
      const members = membersOf(tool.transformPathsObject(piece as OpenAPI3["paths"] & object, this.#contextOf(footer)));
      const declared = footer.flatMap((node) => (isOperations(node) ? [...node.members] : []));
      const stated = members.filter((member) => !isMarkedPath(member));
      for (const owner of [...stated, ...declared]) unmarkQuery(owner);
      new SchemaModule({ paths: stated, operations: declared }).markFilledParameters(this.#filledIn(members, declared));
      this.#kept.operations.push(...declared.filter((member) => this.#asked.has(nameOf(member))));
      operations.push(this.#print(declared, 1));
      return this.#print(stated, 1);
    });
  }

  #webhooks(webhooks: Prepared["webhooks"]): string[] {
    return piecesOf(webhooks).map((piece) => this.#print(this.#incoming(piece), 1));
  }

  #callbacks(callbacks: Prepared["callbacks"]): string[] {
    return Object.entries(callbacks).map(([operation, stated]) => {
      const members = Object.entries(stated).map(([name, callback]) => literal(name, this.#incoming(callback)));
      return this.#print([literal(operation, members)], 1);
    });
  }

  /** The path items of what the service calls. */
  #incoming(stated: object): Members {
    const items = Object.assign({}, ...Object.values(stated)) as object;
    const members = unmarkOperations(membersOf(tool.transformWebhooksObject(items, this.#contextOf([...this.#helper]))));
    for (const owner of members.flatMap(ownersIn)) unmarkQuery(owner);
    return members;
  }

  #components(components: Prepared["components"]): string[] {
    return Object.entries(components).map(([kind, stated]) => {
      const pieces = piecesOf(stated).map((piece) => {
        const [all] = tool.transformComponentsObject({ [kind]: piece } as ComponentsObject, this.#contextOf([...this.#helper]));
        const members = membersOf(memberNamed(membersOf(all), kind)?.type);
        if (kind === "responses" && this.#asked.size > 0) this.#kept.responses.push(...members);
        return this.#print(members, 2);
      });
      return pieces.length === 0 ? `  ${kind}: never;\n` : `  ${kind}: {\n${pieces.join("")}  };\n`;
    });
  }

  /** @param footer where the tool puts what is declared besides. */
  #contextOf(footer: Footer): GlobalContext {
    return { ...this.#context, injectFooter: footer } as GlobalContext;
  }

  #filledIn(paths: Members, operations: Members): Set<FilledOperation> {
    return new Set([...paths, ...operations].flatMap((member) => this.#filled.get(nameOf(member)) ?? []));
  }

  #print(members: Members, depth: number): string {
    return inert(unguardText(printMembers(members, depth)));
  }
}

function literal(name: string, members: Members): TypeScript.TypeElement {
  const type = ts.factory.createTypeLiteralNode(members);
  return ts.factory.createPropertySignature(undefined, quoted(name), undefined, type);
}

function declaration(name: string, members: readonly string[]): string {
  if (members.length === 0) return `export type ${name} = Record<string, never>;\n`;
  return `export interface ${name} {\n${members.join("")}}\n`;
}

function piecesOf(map: object): object[] {
  const entries = Object.entries(map);
  return Array.from({ length: Math.ceil(entries.length / AT_ONCE) }, (_none, index) =>
    Object.fromEntries(entries.slice(index * AT_ONCE, (index + 1) * AT_ONCE)),
  );
}

function membersOf(node: TypeScript.Node | undefined): Members {
  return node !== undefined && ts.isTypeLiteralNode(node) ? node.members : [];
}

function isOperations(node: TypeScript.Node): node is TypeScript.InterfaceDeclaration {
  return ts.isInterfaceDeclaration(node) && node.name.text === "operations";
}

/** The operations that have something filled, by their names and by their paths, as the tool knows them. */
function byPlace(operations: readonly FilledOperation[]): ReadonlyMap<string, readonly FilledOperation[]> {
  const places = new Map<string, FilledOperation[]>();
  for (const operation of operations) {
    if (operation.data.fill === undefined) continue;
    for (const place of [operation.name, operation.data.path].map(guardName)) {
      const known = places.get(place);
      if (known === undefined) places.set(place, [operation]);
      else known.push(operation);
    }
  }
  return places;
}

function contextFor(prepared: OpenAPI3): Omit<GlobalContext, "injectFooter"> {
  const context: Omit<GlobalContext, "redoc" | "injectFooter"> = {
    additionalProperties: false,
    alphabetize: false,
    arrayLength: false,
    conditionalEnums: false,
    dedupeEnums: false,
    // A member with a default may be left out of a request; the tool's own default would demand it.
    defaultNonNullable: false,
    discriminators: discriminatorsIn(prepared),
    emptyObjectsUnknown: true,
    enum: false,
    enumValues: false,
    excludeDeprecated: false,
    exportType: false,
    generatePathParams: false,
    immutable: false,
    makePathsEnum: false,
    pathParamsAsTypes: false,
    postTransform: undefined,
    propertiesRequiredByDefault: false,
    readWriteMarkers: true,
    resolve: resolverFor(prepared),
    rootTypes: false,
    rootTypesKeepCasing: false,
    rootTypesNoSchemaPrefix: false,
    silent: true,
    transform: undefined,
    transformProperty: undefined,
  };
  // `redoc` is the tool's configuration for reading and checking documents, which has happened here before.
  return context as Omit<GlobalContext, "injectFooter">;
}
