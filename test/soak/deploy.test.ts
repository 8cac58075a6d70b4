import { expect, it } from "vitest";
import { memoryStore } from "../../src/index.js";
import { type Handler, scripted } from "../support/service.js";
import { documentOf } from "./document.js";

// As while a new refresh token is rolled out, one process after the other.
it("two processes that were given different refresh tokens for one slot show neither of them twice", async () => {
  const store = memoryStore();
  const shown: string[] = [];
  const token: Handler = ({ body }) => {
    shown.push((JSON.parse(body) as { refresh_token: string }).refresh_token);
    return Response.json({ access_token: `at-${shown.length}`, refresh_token: `rt-${shown.length}`, expires_in: 60 });
  };
  const [older, newer] = ["old", "new"].map((refreshToken) =>
    scripted({
      document: documentOf("single-use"),
      routes: { "POST /token": token, "GET /things": () => Response.json([]) },
      options: { store, inputs: { device: "device", refreshToken } },
    }),
  ) as [ReturnType<typeof scripted>, ReturnType<typeof scripted>];
  for (const order of [
    [older, newer],
    [newer, older],
    [older, newer],
    [newer, older],
  ]) {
    for (const { client } of order) await client.listThings();
    for (const { clock } of order) clock.advance(61_000);
  }
  expect(shown.filter((one, index) => shown.indexOf(one) !== index)).toEqual([]);
});
