/**
 * What must compile with operations that are not written or read as most are, and what must not. Nothing here runs.
 */

import { createFinapi } from "../../generated/finapi/index.js";
import { Part, type ServerSentEvent } from "../../src/index.js";
import { createWire } from "../golden/wire/index.js";

/** Compiles only where both types are the same. */
function same<A, B>(_same: [A] extends [B] ? ([B] extends [A] ? true : false) : false): void {}

const wire = createWire();
const finapi = createFinapi();

// Parameters

wire.getColors({ params: { path: { color: ["blue"] }, query: { ids: [1], filter: { min: 1 }, point: { x: 1 } } } });
wire.search({ params: { querystring: { criteria: { q: "blue" } } } });
// @ts-expect-error The whole query is demanded.
wire.search();
// @ts-expect-error There is no such parameter.
wire.getColors({ params: { path: { color: ["blue"] }, query: { colour: "blue" } } });
// @ts-expect-error A color is a list here.
wire.getColors({ params: { path: { color: "blue" } } });

// Members that the document does not have are refused, and those of a call are not

finapi.createUser({ body: { id: "user", password: "password" }, headers: { "X-Trace": 7, Accept: null }, cache: "no-store" });
// @ts-expect-error There is no such member of the body.
finapi.createUser({ body: { id: "user", passwort: "password" } });
// @ts-expect-error There is no such option.
finapi.createUser({ body: { id: "user" }, timeout: 7 });
// @ts-expect-error There is no such way to read an answer.
finapi.getAuthorizedUser({ parseAs: "xml" });

// Bodies

wire.uploadPicture({ body: { picture: new Blob(["png"]), colors: [{ name: "blue" }] } });
wire.uploadPicture({ body: { picture: new Uint8Array(8) } });
wire.uploadPicture({ body: new FormData() });
wire.uploadPicture({
  body: { picture: new Part(new Uint8Array(8), { fileName: "blue.png" }), colors: [new Part({ name: "blue" })] },
});
// @ts-expect-error There is no such thing to say of a part.
wire.uploadPicture({ body: { picture: new Part("", { filename: "blue.png" }) } });
wire.uploadPicture({
  body: { address: "https://pictures.example", tags: ["a"] },
  headers: { "Content-Type": "application/x-www-form-urlencoded" },
});
wire.sendBatch({ body: [{ n: 1 }] });
wire.sendBatch({ body: [{ n: 1 }, "a,b", new Blob(["c,d"])] });
// @ts-expect-error The first part is an object.
wire.sendBatch({ body: ["a,b"] });
wire.replaceColors({ params: { path: { color: { name: "blue" } } }, body: "<colors/>" });
// @ts-expect-error A number is no text.
wire.replaceColors({ params: { path: { color: { name: "blue" } } }, body: 7 });
// @ts-expect-error A picture or an address is demanded.
wire.uploadPicture({ body: { colors: [] } });
// @ts-expect-error A body is demanded.
wire.uploadPicture();

// Answers

const { data: colors } = await wire.getColors({ params: { path: { color: ["blue"] } } });
same<typeof colors, string | { name: string }[] | undefined>(true);
const picture = await wire.uploadPicture({ body: { picture: "" } });
same<(typeof picture)["data"], Blob | undefined>(true);
if (picture.error) same<(typeof picture)["error"], { problem: string }>(true);
const text = await wire.uploadPicture({ body: { picture: "" }, parseAs: "text" });
same<(typeof text)["data"], string | undefined>(true);
const bytes = await finapi.getAuthorizedUser({ parseAs: "arrayBuffer" });
same<(typeof bytes)["data"], ArrayBuffer | undefined>(true);
const nothing = await wire.search({ params: { querystring: { criteria: { q: "blue" } } } });
same<(typeof nothing)["data"], undefined>(true);

// Streams

const { data: changes } = await wire.watchColors();
for await (const { event, data } of changes ?? []) {
  same<typeof event, "added" | "removed" | undefined>(true);
  same<(typeof data)["name"], string>(true);
}
const { data: lines } = await wire.queryColors({ body: { name: "blue" } });
for await (const color of lines ?? []) same<(typeof color)["name"], string>(true);
const { data: ticks } = await wire.watchTicks();
for await (const tick of ticks ?? []) same<typeof tick, ServerSentEvent<{ at: number }>>(true);
const { data: prices } = await wire.watchPrices();
for await (const price of prices ?? []) {
  same<typeof price.id, string | undefined>(true);
  same<typeof price.data, unknown>(true);
}
const { data: chat } = await wire.chat({ body: [{ name: "blue" }] });
for await (const { data } of chat ?? []) same<typeof data, "[DONE]" | { name: string }>(true);
const { data: typed } = await wire.watchTyped();
for await (const event of typed ?? []) {
  if (event.event === "addJson") same<typeof event.data, { foo: number }>(true);
  else same<typeof event.data, string>(true);
}
const { data: raw } = await wire.watchTicks({ parseAs: "stream" });
same<typeof raw, ReadableStream<Uint8Array<ArrayBuffer>> | null | undefined>(true);

// The path form reads them alike

const table = await wire.GET("/colors/{color}", { params: { path: { color: ["blue"] } } });
same<(typeof table)["data"], string | { name: string }[] | undefined>(true);
const sent = await wire.POST("/pictures", { body: { picture: "" } });
same<(typeof sent)["data"], Blob | undefined>(true);
const watched = await wire.GET("/changes");
for await (const { data } of watched.data ?? []) same<(typeof data)["name"], string>(true);
const found = await wire.GET("/search", { params: { querystring: { criteria: { q: "" } } }, parseAs: "text" });
same<(typeof found)["data"], string | undefined>(true);
