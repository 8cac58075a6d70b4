/** One real server for a case, and what it saw: an HTTP server, or bytes on a socket where an answer is malformed. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from "node:net";

/** What the server saw of a request. */
export interface Seen {
  readonly method: string | undefined;
  readonly path: string | undefined;
  /** As they stood on the wire. */
  readonly names: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** As latin1, so that every byte shows. */
  readonly body: string;
  /** Whether the body came to its end. */
  readonly complete: boolean;
}

export type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

export interface Loopback {
  readonly origin: string;
  readonly seen: Seen[];
  close(): Promise<void>;
}

/** Answers each request once its body is there. */
export async function httpServer(answer: Answer): Promise<Loopback> {
  const seen: Seen[] = [];
  const server = createServer({ maxHeaderSize: 1024 * 1024 }, async (request, response) => {
    const chunks: Buffer[] = [];
    let complete = true;
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      complete = false;
    }
    const body = Buffer.concat(chunks);
    const { method, url: path, rawHeaders } = request;
    const names = rawHeaders.filter((_, index) => index % 2 === 0);
    const headers: Record<string, string> = {};
    for (const [name, value = []] of Object.entries(request.headers)) headers[name] = [value].flat().join(", ");
    seen.push({ method, path, names, headers, body: body.toString("latin1"), complete });
    if (complete) answer(request, response, body);
  });
  return listening(server, seen, () => server.closeAllConnections());
}

/** Answers with bytes, as soon as the head of a request is there. */
export async function socketServer(answer: (socket: Socket) => void): Promise<Loopback> {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    let head = "";
    socket.on("error", () => {});
    socket.on("data", (data) => {
      const before = head.includes("\r\n\r\n");
      head += data.toString("latin1");
      if (!before && head.includes("\r\n\r\n")) answer(socket);
    });
  });
  return listening(server, [], () => {
    for (const socket of sockets) socket.destroy();
  });
}

async function listening(server: Server, seen: Seen[], cut: () => void): Promise<Loopback> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
