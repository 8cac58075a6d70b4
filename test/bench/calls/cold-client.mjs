// Prints how many milliseconds of this process passed before a connection was asked for: see cold.mjs.

import net from "node:net";

net.Socket.prototype.connect = () => {
  process.stdout.write(`${performance.now()}\n`);
  process.exit();
};

const [, , name, baseUrl] = process.argv;
const { variants } = await import("./variants.mjs");
const { get } = await variants[name].load(baseUrl);
await get("t-1");
