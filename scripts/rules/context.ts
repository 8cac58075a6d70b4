/** What rules look at: the document, and what several of them would each have to find in it. */

import type { Document } from "../spec/document.js";
import { type Extension, extensionsOf } from "../spec/walk.js";
import { readOperations, type WrittenOperation } from "./operations.js";
import { readSchemes, type WrittenCall, type WrittenLifecycle, type WrittenScheme } from "./schemes.js";

export interface Context {
  readonly document: Document;
  /** Read when a rule asks: most documents have no lifecycle, and some have thousands of operations. */
  readonly operations: readonly WrittenOperation[];
  readonly schemes: readonly WrittenScheme[];
  /** Every `x-` member, whosever it is. */
  readonly extensions: readonly Extension[];
}

export function createContext(document: Document): Context {
  let read: readonly WrittenOperation[] | undefined;
  const operations = () => {
    read ??= readOperations(document);
    return read;
  };
  return {
    document,
    get operations() {
      return operations();
    },
    schemes: readSchemes(document, operations),
    extensions: extensionsOf(document.root),
  };
}

/** Every scheme that states a lifecycle. */
export function lifecycles({ schemes }: Context): { scheme: WrittenScheme; lifecycle: WrittenLifecycle }[] {
  return schemes.flatMap((scheme) => (scheme.lifecycle === undefined ? [] : [{ scheme, lifecycle: scheme.lifecycle }]));
}

/** Every token call of every lifecycle. */
export function calls(context: Context): { scheme: WrittenScheme; call: WrittenCall }[] {
  return lifecycles(context).flatMap(({ scheme, lifecycle }) => lifecycle.calls.map((call) => ({ scheme, call })));
}
