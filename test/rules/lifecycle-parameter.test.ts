import { describe } from "vitest";
import { api, testRule } from "./support.js";

const PROBE = (parameters: string, security = "[]") =>
  `/probe/{id}: {get: {operationId: probe, security: ${security}, parameters: ${parameters}, responses: {}}}`;
const ID = "{name: id, in: path, required: true, schema: {type: string}}";

describe("lifecycle-parameter", () => {
  testRule("lifecycle-parameter", "error", [
    { name: "accepts parameters that the operation has", given: api(), want: [] },
    {
      name: "reports a parameter that the operation has not, in either form",
      given: api({
        lifecycle: `
obtain: {operationId: login, parameters: {«scope»: x}}
refresh: {operationId: refresh, parameters: [{in: path, name: «userid», value: x}, {in: path, name: user_id, value: x}, {in: query, name: «user_id», value: x}]}`,
      }),
      want: [
        'login has no parameter "scope"',
        'refresh has no parameter "userid" → did you mean "user_id"?',
        '"user_id" is not a query parameter of refresh → it is in: path',
      ],
    },
    {
      name: "reports a name that stands for two parameters",
      given: api({
        lifecycle: "obtain: {operationId: probe, parameters: {«id»: x}}",
        paths: PROBE(`[${ID}, {name: id, in: query}]`),
      }),
      want: ['probe has two parameters "id", in path and query → write a list of Parameter Objects, each with its in'],
    },
    {
      name: "reports required parameters that nothing gives",
      given: api({
        lifecycle: "obtain: {steps: [{operationId: login}, «{operationId: probe}»]}",
        paths: PROBE(
          `[${ID}, {name: X-Id, in: header, required: true}, {name: Accept, in: header, required: true}, {name: q, in: query}]`,
        ),
      }),
      want: [
        'probe requires the header parameter "X-Id" → give it under parameters, or let x-fill on the parameter give it',
        'probe requires the path parameter "id" → give it under parameters, or let x-fill on the parameter give it',
      ],
    },
    {
      name: "accepts required parameters that an x-fill gives, or a scheme that every alternative requires",
      given: api({
        lifecycle: "obtain: {operationId: probe}",
        paths: PROBE(
          "[{name: id, in: path, required: true, x-fill: me}, {name: x-key, in: header, required: true}]",
          "[{key: []}, {key: [], other: []}]",
        ),
        schemes: "key: {type: apiKey, in: header, name: X-Key}\nother: {type: apiKey, in: header, name: X-Other}",
      }),
      want: [],
    },
    {
      name: "reports a required parameter that only one alternative gives",
      given: api({
        lifecycle: "«obtain»: {operationId: probe, parameters: {id: x}}",
        paths: PROBE(`[${ID}, {name: X-Key, in: header, required: true}]`, "[{key: []}, {}]"),
        schemes: "key: {type: apiKey, in: header, name: X-Key}",
      }),
      want: ['probe requires the header parameter "X-Key" → give it under parameters, or let x-fill on the parameter give it'],
    },
  ]);
});
