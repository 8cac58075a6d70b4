#!/usr/bin/env node
/** `keyturn <command>`; what a command does stands in `commands/<command>.ts`. */

import { dispatch } from "./commands/dispatch.js";
import { processShell } from "./commands/shell.js";

process.exitCode = await dispatch(process.argv.slice(2), processShell());
