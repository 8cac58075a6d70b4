import { suggest } from "../nearest.js";
import { child, children, member } from "../spec/node.js";
import { join, object } from "../spec/pointer.js";
import { type Context, calls } from "./context.js";
import { misfits } from "./fit.js";
import type { WrittenOperation } from "./operations.js";
import type { Finding, Rule } from "./rule.js";
import type { WrittenCall } from "./schemes.js";

export const lifecyclePayload: Rule = {
  id: "lifecycle-payload",
  description: "The payload of a token call, with what RFC 6749 adds to it, fits the request body of its operation.",
  severity: "error",
  *check(context) {
    for (const { call } of calls(context)) {
      if (call.operation !== undefined) yield* checkPayload(context, call, call.operation);
    }
  },
};

function* checkPayload({ document }: Context, call: WrittenCall, operation: WrittenOperation): Generator<Finding> {
  if (call.read === undefined) return;
  const { label } = operation;
  const { requestBody } = call.read;
  const pointer = join(call.pointer, "requestBody", "payload");
  const described = child(document, operation, "requestBody");
  if (described === undefined) {
    if (requestBody !== undefined)
      yield { pointer, part: "key", message: `${label} has no request body`, hint: "describe it under its requestBody" };
    return;
  }
  if (requestBody === undefined) {
    if (object(described.value)["required"] !== true) return;
    yield {
      pointer,
      part: "key",
      message: `${label} requires a request body`,
      hint: "give it under requestBody, as its payload",
    };
    return;
  }
  const contents = children(document, child(document, described, "content"));
  const content = contents.find(([mediaType]) => essence(mediaType) === essence(requestBody.contentType));
  if (content === undefined) {
    const message = `${label} does not take ${requestBody.contentType}`;
    const hint = suggest(
      requestBody.contentType,
      contents.map(([mediaType]) => mediaType),
    );
    if (contents.length > 0) yield { pointer: join(call.pointer, "requestBody", "contentType"), message, hint };
    return;
  }
  const schema = member(content[1], "schema");
  if (schema.value === undefined) return;
  const isText = essence(requestBody.contentType) === "application/x-www-form-urlencoded";
  yield* misfits({ document, label: `the body of ${label}`, isText }, { pointer, value: requestBody.payload }, schema);
}

/** The media type without its parameters. */
function essence(mediaType: string): string {
  return mediaType.split(";", 1)[0]!.trim().toLowerCase();
}
