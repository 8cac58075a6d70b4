/** The part of oidc-provider that the oracle uses; the package itself has no types. */
declare module "oidc-provider" {
  import type { EventEmitter } from "node:events";
  import type { IncomingMessage, ServerResponse } from "node:http";

  interface Token {
    readonly grantId?: string;
    readonly accountId?: string;
    readonly clientId?: string;
    readonly consumed?: unknown;
    save(): Promise<string>;
    destroy(): Promise<void>;
  }

  interface Model<One> {
    new (members: Readonly<Record<string, unknown>>): One;
    find(value: string): Promise<One | undefined>;
  }

  interface Grant extends Token {
    addOIDCScope(scope: string): void;
  }

  export class Provider extends EventEmitter {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    readonly AccessToken: Model<Token>;
    readonly ClientCredentials: Model<Token>;
    readonly Client: Model<object>;
    readonly Grant: Model<Grant>;
    readonly RefreshToken: Model<Token>;
  }
}
