/** Operations that do not say what they answer. Since OpenAPI 3.1 they need not. */

import type { Json } from "../spec/pointer.js";
import { RESPONSES } from "./rules.js";
import type { Structure } from "./structure.js";
import type { Trail } from "./trail.js";

/** Of one that says something else in that place, or says it in another case, that is told. */
export function mendResponses(operation: Json, trail: Trail | undefined, structure: Structure): Json {
  const isStated = Object.keys(operation).some((name) => name.toLowerCase() === "responses");
  if (isStated || "$ref" in operation || !structure.version()?.startsWith("3.0.")) return operation;
  const message = '"responses" is missing; its client knows of no data and no error';
  structure.tell(RESPONSES, trail, {
    part: "key",
    message,
    hint: 'say what it answers: responses: { "204": { description: … } }',
  });
  return operation;
}
