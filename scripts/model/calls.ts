/** Questions to ask of a token operation, be it one call or a chain of them. */

import type { TokenOperation } from "../../src/lifecycle/contract.js";
import { tokenCalls } from "../../src/lifecycle/definition.js";

/** Whether its response brings that output; of a chain the last one counts. */
export function brings(operation: TokenOperation | undefined, output: string): boolean {
  return Object.hasOwn(tokenCalls(operation).at(-1)?.outputs ?? {}, output);
}

/** The operations it calls, in order. */
export function calledOperations(operation: TokenOperation | undefined): string[] {
  return tokenCalls(operation).map(({ operationId }) => operationId);
}
