/** Calls whose errors are thrown. */

import { inspect } from "node:util";
import { expect, it } from "vitest";
import { AnswerError, unwrap } from "../../src/index.js";
import { operation } from "./support.js";

const answering = (answer: Response) => unwrap(operation({}, { answer: () => answer }).operate());

it("is the data of a success", async () => {
  expect(await answering(Response.json({ id: 1 }))).toEqual({ id: 1 });
  expect(await answering(Response.json(0))).toBe(0);
  expect(await answering(new Response(null, { status: 204 }))).toBeUndefined();
});

it("is thrown with status, error and response where the service answers with an error, whose text is in no message and no log", async () => {
  const thrown = await answering(Response.json({ secret: "s3cret" }, { status: 404 })).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(AnswerError);
  expect(thrown).toMatchObject({ name: "AnswerError", status: 404, error: { secret: "s3cret" }, response: { status: 404 } });
  expect(String(thrown)).toBe("AnswerError: the service answered with 404");
  expect(inspect(thrown, { depth: null, showHidden: true }) + JSON.stringify(thrown)).not.toContain("s3cret");
});

it("is thrown where the answer is an error without a body", async () => {
  await expect(answering(new Response(null, { status: 500 }))).rejects.toThrow(AnswerError);
});

it("is what the call rejects with", async () => {
  await expect(unwrap(Promise.reject(new TypeError("fetch failed")))).rejects.toThrow(TypeError);
});
