/**
 * What stands in each view, for whoever writes a template: the fields by name, what each is and what it says. Templates are
 * held against it before they run, `docs/templates.md` is made of it, and the compiler holds it against the views themselves.
 */

import type { SourceText } from "./helpers.js";
import type { clientView, documentView, lifecycleView, operationsView, readmeView, schemaView } from "./views.js";

/** Counts up when a field is removed or changes its meaning; a new field leaves it as it is. */
export const VIEW_VERSION = 1;

export type Shape = Leaf<LeafKind> | ListShape | ViewShape;

/** `text` is a document's own words or names, `data` any value of JSON, `code` what a tool of ours has written. */
type LeafKind = "text" | "flag" | "number" | "data" | "code" | "type";

interface Leaf<Kind extends LeafKind> {
  readonly kind: Kind;
  readonly about: string;
}

export interface ListShape {
  readonly kind: "list";
  readonly about: string;
  readonly each: Shape;
}

export interface ViewShape {
  readonly kind: "view";
  readonly about: string;
  readonly fields: Readonly<Record<string, Shape>>;
}

/** The shapes that a value of a view may be described by. Data may be anything; what has a kind of its own is named by it. */
type ShapeOf<Value> = [Value] extends [string]
  ? Leaf<"text">
  : [Value] extends [boolean]
    ? Leaf<"flag">
    : [Value] extends [number | undefined]
      ? Leaf<"number">
      : [Value] extends [SourceText]
        ? Leaf<"code">
        : [Value] extends [readonly (infer Element)[]]
          ? (Omit<ListShape, "each"> & { readonly each: ShapeOf<Element> }) | Leaf<"data">
          : (Omit<ViewShape, "fields"> & { readonly fields: FieldsOf<Value> }) | Leaf<"data" | "type">;

type FieldsOf<View> = { readonly [Field in keyof View]-?: ShapeOf<View[Field]> };

const text = (about: string): Leaf<"text"> => ({ kind: "text", about });
const flag = (about: string): Leaf<"flag"> => ({ kind: "flag", about });
const number = (about: string): Leaf<"number"> => ({ kind: "number", about });
const data = (about: string): Leaf<"data"> => ({ kind: "data", about });
const type = (about: string): Leaf<"type"> => ({ kind: "type", about });
const code = (about: string): Leaf<"code"> => ({ kind: "code", about });
const list = <Each extends Shape>(about: string, each: Each) => ({ kind: "list", about, each }) as const;
const view = <Fields extends Readonly<Record<string, Shape>>>(about: string, fields: Fields) =>
  ({ kind: "view", about, fields }) as const;

const origin = view("Where the file comes from, for its first line: `{{> banner origin}}`.", {
  source: text("The path of the document."),
  command: text("The command that makes the file again."),
});

const runtime = text("What to import the runtime from.");

const doc = view("A comment: `{{> docblock doc}}`.", {
  text: text("What it says."),
  see: text("An address, or nothing."),
  example: text("Code, or nothing."),
  isDeprecated: flag("Whether the document calls it deprecated."),
  isOneLine: flag("Whether all of it fits on one line."),
});

const block = view("A paragraph, or an item of a list.", {
  text: text("Its text, on one line."),
  isItem: flag("Whether it is an item."),
  isApart: flag("Whether an empty line goes before it."),
});

const client = {
  origin,
  runtime,
  name: text("The name of the API."),
  title: text("Its title."),
  features: list("The parts of the runtime that the document needs, to be imported from it.", text("An identifier.")),
  doc,
  names: view("Identifiers for code.", {
    create: text("The function that makes a client: `createPetstore`."),
    client: text("The type of the client."),
    options: text("The type of its options."),
    types: text("What its types are made from."),
    variable: text("The variable in examples."),
  }),
} satisfies FieldsOf<ReturnType<typeof clientView>>;

const operations = {
  origin,
  runtime,
  servers: list("The servers of the document.", view("A server.", { doc, data: data("The server as the runtime reads it.") })),
  describesServers: flag("Whether there are several servers, or one with a description."),
  plainServers: data("All servers as the runtime reads them."),
  operations: list(
    "The operations, in the order of the document.",
    view("An operation.", { doc, name: text("The name of its method."), data: data("The operation as the runtime reads it.") }),
  ),
} satisfies FieldsOf<ReturnType<typeof operationsView>>;

const lifecycle = {
  origin,
  runtime,
  runtimeTypes: list("The types that the module imports from the runtime.", text("An identifier.")),
  namesSchema: flag("Whether a challenge has a type in `schema.ts`."),
  inputs: list(
    "What a caller supplies.",
    view("An input.", {
      doc,
      name: text("Its name."),
      type: type("Its type, for `{{type type}}`."),
      declaration: data("The input as the runtime reads it."),
    }),
  ),
  securitySchemes: list(
    "The security schemes.",
    view("A scheme.", { doc, name: text("Its name."), data: data("The scheme and its lifecycle as the runtime reads them.") }),
  ),
  challenges: list(
    "The ways in which a renewal can need a person.",
    view("A challenge.", {
      scheme: text("The scheme whose token is renewed."),
      operation: text("The operation that asked."),
      status: number("The status with which it asks; without a value when the document does not say."),
      body: list("Where its type stands in `operations`, key by key; empty when it has none.", data("A key.")),
    }),
  ),
  isOneChallenge: flag("Whether there is exactly one."),
} satisfies FieldsOf<ReturnType<typeof lifecycleView>>;

const scheme = view("A security scheme.", {
  name: text("Its name."),
  description: list("What the document says of it.", block),
  sentences: list("What it presents and how its token lives.", text("A sentence of Markdown.")),
  states: list(
    "The states that its token passes through; none when it holds no token.",
    view("A state.", { name: text("An identifier."), label: text("What people call it.") }),
  ),
  transitions: list(
    "From one state to another.",
    view("A transition.", {
      from: text("The state it leads from; nothing where life begins."),
      to: text("The state it leads to."),
      label: text("Why, or nothing."),
    }),
  ),
});

const readme = {
  origin,
  title: text("The title of the document."),
  description: list("Its summary and description.", block),
  documentation: text("The address of the service's own documentation, or nothing."),
  create: text("The function that makes a client."),
  start: code("The first lines of a caller, for `{{source start}}`."),
  servers: list(
    "The servers.",
    view("A server.", {
      name: text("Its name, or nothing."),
      url: text("Its address."),
      description: text("What it is, or nothing."),
    }),
  ),
  inputs: list(
    "What a caller supplies.",
    view("An input.", {
      name: text("Its name."),
      isSecret: flag("Whether it is kept out of messages."),
      requiredBy: list("The schemes that cannot do without it.", text("The name of a scheme.")),
      description: text("What it is, or nothing."),
    }),
  ),
  operations: list(
    "The operations.",
    view("An operation.", {
      name: text("The name of its method."),
      place: text("Its method and path: `GET /pets`."),
      summary: text("What it does, or nothing."),
      documentation: text("An address, or nothing."),
      isDeprecated: flag("Whether the document calls it deprecated."),
      schemes: list("The alternatives of what it presents.", list("Schemes that go together.", text("The name of a scheme."))),
    }),
  ),
  slots: list("The schemes that hold tokens.", scheme),
  presented: list("The other schemes.", scheme),
} satisfies FieldsOf<ReturnType<typeof readmeView>>;

const schema = {
  origin,
  body: code("The types of paths, components and operations, for `{{source body}}`."),
} satisfies FieldsOf<ReturnType<typeof schemaView>>;

const whole = {
  viewVersion: number("The version of the views: 1."),
  origin,
  runtime,
  client: view("All that `client.ts.hbs` is given.", client),
  operations: view("All that `operations.ts.hbs` is given.", operations),
  lifecycle: view("All that `lifecycle.ts.hbs` is given.", lifecycle),
  readme: view("All that `README.md.hbs` is given.", readme),
} satisfies FieldsOf<ReturnType<typeof documentView>>;

/** The view of each file that is always made. */
export const SHAPES: Readonly<Record<string, ViewShape>> = {
  "schema.ts": view("The types, in `schema.ts`.", schema),
  "operations.ts": view("Servers and operations, in `operations.ts`.", operations),
  "lifecycle.ts": view("Inputs, schemes and challenges, in `lifecycle.ts`.", lifecycle),
  "client.ts": view("The client, in `client.ts`.", client),
  "index.ts": view("What the folder exports, in `index.ts`: the same as for `client.ts`.", client),
  "README.md": view("The page, in `README.md`.", readme),
};

/** The view of a file that a project adds. */
export const ADDED: ViewShape = view("Everything, for files that a project adds.", whole);
