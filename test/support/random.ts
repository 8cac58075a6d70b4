/**
 * fast-check with a seed: every run tries the same examples, so that what fails has to do with what was changed. `FUZZ_SEED` sets
 * another one, or is `random`, to look where none has looked.
 */

import fc from "fast-check";

const given = process.env["FUZZ_SEED"];
if (given !== "random") fc.configureGlobal({ seed: Number(given ?? 7) });

export { fc };
