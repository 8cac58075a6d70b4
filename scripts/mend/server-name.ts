/** The names by which a client chooses among the document's servers: each is one server's alone. */

import { SERVER_NAME } from "../../src/lifecycle/definition.js";
import { type Json, join, list, object } from "../spec/pointer.js";
import type { Mending } from "./mending.js";
import { withMember } from "./rewrite.js";
import { SERVER } from "./rules.js";

export function mendServerNames(root: Json, mending: Mending): Json {
  const servers = list(root["servers"]);
  const taken = new Set<string>();
  const mended = servers.map((server, index) => {
    const stated = object(server);
    const member = typeof stated["name"] === "string" ? "name" : SERVER_NAME;
    const name = stated[member];
    const fault = typeof name !== "string" || name === "" ? "is no text" : taken.has(name) ? "is another server's" : undefined;
    if (name === undefined || fault === undefined) {
      if (typeof name === "string") taken.add(name);
      return server;
    }
    const message = `the name of this server ${fault}; it is left out, and the server cannot be chosen`;
    mending.tell(SERVER, { pointer: join("/servers", index, member), message });
    return withMember(stated, member, undefined);
  });
  return mended.every((server, index) => server === servers[index]) ? root : { ...root, servers: mended };
}
