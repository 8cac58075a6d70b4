import { SERVER_NAME } from "../../src/lifecycle/definition.js";
import { items, member, nodeAt } from "../spec/node.js";
import { isObject } from "../spec/pointer.js";
import type { Rule } from "./rule.js";

export const serverName: Rule = {
  id: "server-name",
  description: "Servers to choose from have names, and no two have the same.",
  severity: "error",
  *check({ document }) {
    const servers = items(nodeAt(document, "/servers") ?? { pointer: "/servers", value: [] });
    const taken = new Set<string>();
    for (const server of servers) {
      if (!isObject(server.value)) continue;
      // OpenAPI 3.2 has a member for it.
      const stated = "name" in server.value ? "name" : SERVER_NAME;
      const { pointer, value: name } = member(server, stated);
      if (name === undefined) {
        if (servers.length === 1) continue;
        const message = "a client cannot choose this server: it has no name";
        yield {
          pointer: server.pointer,
          message,
          hint: `add ${SERVER_NAME}: with a short name such as sandbox`,
          severity: "warning",
        };
      } else if (typeof name !== "string" || name === "") {
        yield { pointer, message: "the name of a server is a text" };
      } else if (taken.has(name)) {
        yield { pointer, message: `another server is named "${name}" as well` };
      } else taken.add(name);
    }
  },
};
