// What a browser or a function would load: three operations and everything that they need, bundled, minified and gzipped; what
// a bundler keeps apart, to be loaded by the first call that needs it, is counted beside it.

import path from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { work } from "./work.mjs";

const calls = (client) => `
export const get = (id) => ${client}.GET("/things/{id}", { params: { path: { id } } });
export const create = (body) => ${client}.POST("/things", { body });
export const remove = (id) => ${client}.DELETE("/things/{id}", { params: { path: { id } } });`;

const KEYTURN = `
import { createThings } from "./keyturn/things/index.js";
const things = createThings({ inputs: { clientId: "c", clientSecret: () => "s" } });
export const get = (id) => things.getThing({ params: { path: { id } } });
export const create = (body) => things.createThing({ body });
export const remove = (id) => things.deleteThing({ params: { path: { id } } });`;

const FINAPI = `
import { createFinapi } from "./keyturn/finapi/index.js";
const finapi = createFinapi({ inputs: { clientId: "c", clientSecret: () => "s", username: "u", password: () => "p" } });
export const get = () => finapi.getAuthorizedUser();
export const create = (body) => finapi.createUser({ body });
export const list = () => finapi.getAndSearchAllAccounts();`;

const ENTRIES = {
  keyturn: { label: "keyturn, with its tokens: client credentials", code: KEYTURN },
  "keyturn-finapi": { label: "keyturn, finAPI's: refresh, revocation, second factor, fills, styles", code: FINAPI },
  "openapi-fetch": {
    label: "openapi-fetch",
    code: `import createClient from "openapi-fetch"; const client = createClient({ baseUrl: "/" });${calls("client")}`,
  },
  "openapi-fetch-auth": {
    label: "openapi-fetch, auth middleware by hand",
    code: `import createClient from "openapi-fetch"; const client = createClient({ baseUrl: "/" });
let token;
client.use({ async onRequest({ request }) {
  if (!token || token.end <= Date.now()) {
    const answer = await (await fetch("/token", { method: "POST" })).json();
    token = { value: answer.access_token, end: Date.now() + answer.expires_in * 1000 };
  }
  request.headers.set("Authorization", "Bearer " + token.value);
  return request;
} });${calls("client")}`,
  },
  "hey-api": {
    label: "hey-api, fetch client",
    code: `import { client } from "./hey/client.gen.js"; client.setConfig({ auth: () => "token" });
export { createThing, deleteThing, getThing } from "./hey/sdk.gen.js";`,
  },
  openai: {
    label: "openai's SDK (Stainless), three of its operations",
    code: `import OpenAI from "openai"; const client = new OpenAI({ apiKey: "k" });
export const get = (id) => client.models.retrieve(id);
export const create = (body) => client.responses.create(body);
export const remove = (id) => client.models.delete(id);`,
  },
};

/** Sizes in bytes, minified and gzipped at level 9: `later` is what is not loaded at first. */
export async function measureBundles() {
  const rows = [];
  for (const [name, { label, code }] of Object.entries(ENTRIES)) {
    const entry = path.join(work, `bundle-${name}.js`);
    const bundle = await rolldown({
      input: entry,
      platform: "browser",
      logLevel: "silent",
      plugins: [
        { name: "entry", load: (id) => (id === entry ? code : undefined), resolveId: (id) => (id === entry ? id : undefined) },
      ],
    });
    const { output } = await bundle.generate({ format: "esm", minify: true });
    const [first, later] = [false, true].map((isLater) =>
      output.filter((chunk) => (chunk.isDynamicEntry ?? false) === isLater),
    );
    rows.push({ name, label, ...sizesOf(first), later: sizesOf(later).gzipped });
  }
  return rows;
}

function sizesOf(chunks) {
  const texts = chunks.map(({ code = "" }) => code);
  const gzipped = texts.map((text) => gzipSync(text, { level: 9 }).length);
  return { minified: sum(texts.map((text) => Buffer.byteLength(text))), gzipped: sum(gzipped) };
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
