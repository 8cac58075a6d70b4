/** A server that plays any documented service: `keyturn/sandbox`. */

export type { AccountValue } from "./accounts.js";
export type { Alarm, Settings } from "./api.js";
export type { Fault, FaultEffect, FaultSelection, OrderedFault } from "./faults.js";
export { digest, type RequestRecord } from "./record.js";
export {
  type Sandbox,
  type SandboxAccount,
  type SandboxDocument,
  type SandboxOptions,
  type Selection,
  startSandbox,
} from "./sandbox.js";
