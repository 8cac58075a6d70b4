// Loaded before a command and whatever it starts (`NODE_OPTIONS`): at the end of each process it writes what that used into the
// folder that USAGE names.

import { writeFileSync } from "node:fs";
import path from "node:path";

process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const used = { cpu: (userCPUTime + systemCPUTime) / 1e6, memory: maxRSS / 1024 };
  writeFileSync(path.join(process.env.USAGE, `${process.pid}.json`), JSON.stringify(used));
});
