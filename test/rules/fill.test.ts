import { describe } from "vitest";
import { api, testRule } from "./support.js";

const PARAMETER = (parameter: string) =>
  api({ paths: `/a: {get: {operationId: a, responses: {}, parameters: [{name: A, in: query, ${parameter}}]}}` });

describe("fill-expression", () => {
  testRule("fill-expression", "error", [
    {
      name: "accepts functions, inputs and constants",
      given: PARAMETER("x-fill: {concat: [{uuid: v4}, $inputs.email, a, 5]}"),
      want: [],
    },
    {
      name: "reports what is no value",
      given: PARAMETER("x-fill: {«uid»: v4}"),
      want: ['"uid" is not a function → did you mean "uuid"?'],
    },
    {
      name: "reports an expression that cannot be read, and one that has no value before a call",
      given: PARAMETER('x-fill: {concat: ["{$inputs.«}»", "«$outputs.accessToken»"]}'),
      want: ["a name is missing", '"$outputs.accessToken" has no value in an x-fill → an x-fill can read $inputs'],
    },
    {
      name: "looks at the parameters of components and of paths as well",
      given: api({
        paths: "/a: {parameters: [{name: A, in: query, x-fill: «[]»}]}",
        top: "x-other: {parameters: [{x-fill: []}]}",
      }).replace("components:\n", "components:\n  parameters: {B: {name: B, in: query, x-fill: {«jwt»: {}}}}\n"),
      want: [
        "an x-fill is a string or a number or a boolean, not an array",
        '"jwt" is part of the language but not yet executed; it comes in a later round',
      ],
    },
  ]);
});

describe("fill-parameter", () => {
  testRule("fill-parameter", "error", [
    {
      name: "accepts a value that fits",
      given: PARAMETER("schema: {type: string, format: uuid}, x-fill: {uuid: v4}"),
      want: [],
    },
    { name: "accepts text that spells a number", given: PARAMETER('schema: {type: integer}, x-fill: "5"'), want: [] },
    { name: "accepts what nobody can tell", given: PARAMETER("schema: {type: integer}, x-fill: $inputs.email"), want: [] },
    {
      name: "reports a value of another type",
      given: PARAMETER("schema: {type: integer}, x-fill: «{uuid: v4}»"),
      want: ["this is string, but the schema wants integer"],
    },
    {
      name: "reports a constant that is none of those there are",
      given: PARAMETER("content: {text/plain: {schema: {enum: [en, de]}}}, x-fill: «ed»"),
      want: ['"ed" is not one of the values in the schema → there are "en", "de"'],
    },
  ]);
});
