import path from "node:path";
import { fileURLToPath } from "node:url";

/** Where the compared clients are generated: a folder that belongs to nobody else. */
export const work = path.join(fileURLToPath(new URL(".", import.meta.url)), "node_modules", ".work");
