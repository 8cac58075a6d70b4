import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { createClient } from "../../../../dist/src/index.js";
import { readDefinition } from "../../../../dist/src/lifecycle/definition.js";
import { sqliteStore } from "../../../../dist/src/stores/sqlite.js";

const oracle = parse(readFileSync(new URL("../../../fixtures/oracle/oidc-provider.yaml", import.meta.url), "utf8"));

/** What a document says of such a service: whether a refresh always brings another refresh token. */
function documentOf(rotates) {
  const document = structuredClone(oracle);
  document.components.securitySchemes.user["x-token-lifecycle"].refreshToken.rotation = rotates ? "always" : "sometimes";
  return document;
}

export const peer = {
  name: "keyturn",
  packages: [],
  how: "its operations by name, on the document of `test/fixtures/oracle`, which says whether every refresh brings another refresh token",
  // Renews in the background in the last fifth of a token's life.
  ahead: { life: 100, afterMs: 88_000 },
  store: "its sqlite store",
  keepsTokens: true,

  start({ url, clientId, clientSecret, refreshToken, rotates, file }) {
    const client = createClient(readDefinition(documentOf(rotates), "bench"), {
      baseUrl: url,
      inputs: { clientId, clientSecret, refreshToken },
      ...(file && { store: sqliteStore({ path: `${file}.sqlite` }) }),
    });
    return {
      call: async ({ signal } = {}) => (await client.listThings({ signal })).response.status,
      objects: () => [client],
      close: () => client.close(),
    };
  },
};
