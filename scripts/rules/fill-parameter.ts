import type { Value } from "../../src/lifecycle/contract.js";
import { child, member, members, type Node } from "../spec/node.js";
import type { Context } from "./context.js";
import { fills } from "./extensions.js";
import { misfits } from "./fit.js";
import type { WrittenParameter } from "./operations.js";
import type { Rule } from "./rule.js";
import { checkStructure } from "./structure.js";

export const fillParameter: Rule = {
  id: "fill-parameter",
  description: "An x-fill fits the schema of its parameter.",
  severity: "error",
  *check(context) {
    for (const fill of fills(context)) {
      const schema = schemaOf(context, fill.parameter);
      if (schema === undefined || checkStructure("fill", fill).length > 0) continue;
      const { document } = context;
      const label = `the parameter "${fill.parameter.name}"`;
      yield* misfits({ document, label, isText: true }, { pointer: fill.pointer, value: fill.value as Value }, schema);
    }
  },
};

/** A parameter has a schema, or a media type that has one. */
function schemaOf({ document }: Context, parameter: WrittenParameter): Node | undefined {
  const [mediaType] = members(member(parameter, "content")).map(([, node]) => child(document, node, "schema"));
  const schema = member(parameter, "schema");
  return schema.value === undefined ? mediaType : schema;
}
