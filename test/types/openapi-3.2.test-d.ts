/** The types of what OpenAPI 3.2 adds, and of what only requests or only answers have. Nothing here runs. */

import type { Readable, Writable } from "../../src/index.js";
import { createOpenapi32 } from "../golden/openapi-3.2/index.js";
import type { callbacks, components, webhooks } from "../golden/openapi-3.2/schema.js";

/** Compiles only where both types are the same. */
function same<A, B>(_same: [A] extends [B] ? ([B] extends [A] ? true : false) : false): void {}

const api = createOpenapi32();
const path = { id: 7 };

// Methods of their own

const found = await api.searchThings({
  params: { path },
  body: { name: "n", secret: "s", d: { name: "n", secret: "s", extra: "e" } },
});
for await (const thing of found.data ?? []) same<typeof thing.name, string>(true);
await api.copyThing({ params: { path } });
// @ts-expect-error The path needs its parameter.
await api.copyThing();
// @ts-expect-error The path has no method of this name.
await api.GET("COPY /things/{id}", {});

// The whole query

await api.readThings({ params: { path, querystring: { q: { a: "x" } } } });
// @ts-expect-error It is no parameter among others.
await api.readThings({ params: { path, query: { q: { a: "x" } } } });

// What the service calls

type Changed = webhooks["changed"];
same<Changed["post"]["requestBody"]["content"]["application/json"], components["schemas"]["Cat"]>(true);
same<NonNullable<Changed["query"]["requestBody"]>["content"]["application/json"], string>(true);
same<keyof Changed["additionalOperations"], "NOTIFY">(true);
type Made = callbacks["make"]["made"]["{$request.body#/url}"];
same<Made["post"]["requestBody"]["content"]["application/json"], components["schemas"]["Cat"]>(true);
same<keyof Made["query"]["responses"], 204>(true);

// Items behind the first ones

type Tuple = NonNullable<Readable<components["schemas"]["Thing"]>["open"]>;
same<Tuple, [string, number, ...(string | boolean)[]]>(true);
same<NonNullable<components["schemas"]["Thing"]["tup"]>, [string, number]>(true);

// What only requests, and what only answers have

const made = await api.make({ params: { path }, body: { name: "n", secret: "s" } });
if (made.data !== undefined) {
  same<typeof made.data.id, number>(true);
  // @ts-expect-error A secret is not answered.
  made.data.secret;
}
// @ts-expect-error The service gives the id.
await api.make({ params: { path }, body: { id: 1, name: "n", secret: "s" } });
const withId = { id: 1, name: "n", secret: "s" };
// @ts-expect-error Nor does a value that was made before hold it.
await api.make({ params: { path }, body: withId });
same<NonNullable<NonNullable<typeof made.data>["open"]>, [string, number, ...(string | boolean)[]]>(true);
// @ts-expect-error A secret is required.
await api.make({ params: { path }, body: { name: "n" } });

type Thing = components["schemas"]["Thing"];
same<Readable<Thing>["id"], number>(true);
same<Writable<Thing>["secret"], string>(true);
// @ts-expect-error Answers have none.
type NoSecret = Readable<Thing>["secret"];
// @ts-expect-error Requests have none.
type NoId = Writable<Thing>["id"];

export type { NoId, NoSecret };
