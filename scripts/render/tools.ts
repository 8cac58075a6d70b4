/**
 * The compiler, and what of openapi-typescript makes types with it. They are loaded as CommonJS: imported as ES modules they
 * have Node look for export names in megabytes of compiler, which takes longer than a whole run. And they are loaded from
 * their own files: the tool's entry brings the linter that its command begins with, twice the time of all that is used here.
 */

import { createRequire } from "node:module";
import type * as OpenapiTypescript from "openapi-typescript";
import type * as TypeScript from "typescript";

const require = createRequire(import.meta.url);

export const ts = require("typescript") as typeof TypeScript;

const paths = require("openapi-typescript/dist/transform/paths-object.cjs") as typeof OpenapiTypescript.transformPathsObject;
const webhooks = require("openapi-typescript/dist/transform/webhooks-object.cjs") as (
  webhooks: object,
  context: OpenapiTypescript.GlobalContext,
) => TypeScript.TypeNode;
const components = require("openapi-typescript/dist/transform/components-object.cjs") as {
  readonly default: typeof OpenapiTypescript.transformComponentsObject;
};
const nodes = require("openapi-typescript/dist/lib/ts.cjs") as Pick<typeof OpenapiTypescript, "stringToAST">;
const utils = require("openapi-typescript/dist/lib/utils.cjs") as Pick<
  typeof OpenapiTypescript,
  "resolveRef" | "scanDiscriminators"
>;

export const openapiTypescript = {
  ...nodes,
  ...utils,
  transformPathsObject: paths,
  transformWebhooksObject: webhooks,
  transformComponentsObject: components.default,
};
