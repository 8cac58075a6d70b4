/**
 * The tools that hold a compiler each. They are loaded as CommonJS: imported as ES modules they have Node look for export
 * names in megabytes of compiler, which takes longer than a whole run (a second, measured).
 */

import { createRequire } from "node:module";
import type * as OpenapiTypescript from "openapi-typescript";
import type * as TsMorph from "ts-morph";

const require = createRequire(import.meta.url);

export const openapiTypescript = require("openapi-typescript") as typeof OpenapiTypescript;
export const tsMorph = require("ts-morph") as typeof TsMorph;
