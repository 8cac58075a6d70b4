import { createServer, connect as dial, type Socket } from "node:net";
import { pause, turns } from "./waiting.js";

/** What is done to the bytes of one direction: towards the server (`up`), or back (`down`). */
export type Direction = "up" | "down";

/** A TCP proxy in front of a server, that a test makes slow, deaf, broken or lying. Faults last until `heal`. */
export interface TcpProxy {
  readonly port: number;
  /** How many connections have been made, and how many are open. */
  readonly connections: () => { readonly made: number; readonly open: number };
  /** Holds each piece back for so long, in milliseconds. */
  delay(ms: number, direction?: Direction): void;
  /** Lets nothing through, and keeps the connections open: a partition. What was held goes on its way at `heal`. */
  hold(direction?: Direction): void;
  /** Puts other bytes in their place. */
  corrupt(change: (bytes: Buffer) => Buffer, direction?: Direction): void;
  /** Cuts every connection now, without a farewell, and lets whoever listens to them in this process hear of it. */
  cut(): Promise<void>;
  /** Cuts a connection as soon as bytes that hold this text come by; with `through`, after they have passed. */
  cutAt(text: string, direction: Direction, through?: boolean): void;
  /** Cuts every connection, and each new one at once. */
  refuse(): void;
  /** Leads new connections to another port. */
  redirect(port: number): void;
  heal(): void;
  close(): Promise<void>;
}

interface Fault {
  delayMs: number;
  isHeld: boolean;
  change: ((bytes: Buffer) => Buffer) | undefined;
  cutAt: { readonly text: string; readonly through: boolean } | undefined;
}

export async function startProxy(target: number, host = "127.0.0.1"): Promise<TcpProxy> {
  const faults: Record<Direction, Fault> = { up: none(), down: none() };
  const pairs = new Set<readonly [Socket, Socket]>();
  let isRefusing = false;
  let port = target;
  let made = 0;

  const server = createServer((inbound) => {
    made += 1;
    if (isRefusing) {
      inbound.resetAndDestroy();
      return;
    }
    const outbound = dial(port, host);
    const pair = [inbound, outbound] as const;
    pairs.add(pair);
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => {
        pairs.delete(pair);
        for (const one of pair) one.destroy();
      });
    }
    carry(inbound, outbound, "up", pair);
    carry(outbound, inbound, "down", pair);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  /** Carries pieces one after the other, so that a fault never changes their order. */
  function carry(from: Socket, to: Socket, direction: Direction, pair: readonly [Socket, Socket]): void {
    const fault = faults[direction];
    let last = Promise.resolve();
    from.on("data", (piece: Buffer) => {
      last = last.then(async () => {
        if (fault.delayMs > 0) await pause(fault.delayMs);
        while (fault.isHeld && !to.destroyed) await pause(5);
        const { cutAt } = fault;
        const isCut = cutAt !== undefined && piece.includes(cutAt.text);
        if (!to.destroyed && !(isCut && !cutAt.through)) to.write(fault.change?.(piece) ?? piece);
        if (isCut) {
          fault.cutAt = undefined;
          // What has passed is given the time to arrive, and its answer none to come back.
          if (cutAt.through) faults[direction === "up" ? "down" : "up"].isHeld = true;
          await pause(cutAt.through ? 50 : 0);
          faults[direction === "up" ? "down" : "up"].isHeld = false;
          reset(pair);
        }
      });
    });
    from.on("end", () => void last.then(() => to.end()));
  }

  const both = (direction?: Direction) => (direction === undefined ? [faults.up, faults.down] : [faults[direction]]);
  return {
    port: (server.address() as { port: number }).port,
    connections: () => ({ made, open: pairs.size }),
    delay(ms, direction) {
      for (const fault of both(direction)) fault.delayMs = ms;
    },
    hold(direction) {
      for (const fault of both(direction)) fault.isHeld = true;
    },
    corrupt(change, direction) {
      for (const fault of both(direction)) fault.change = change;
    },
    async cut() {
      for (const pair of pairs) reset(pair);
      await pause(50);
      await turns();
    },
    cutAt(text, direction, through = false) {
      faults[direction].cutAt = { text, through };
    },
    refuse() {
      isRefusing = true;
      for (const pair of pairs) reset(pair);
    },
    redirect(other) {
      port = other;
    },
    heal() {
      isRefusing = false;
      Object.assign(faults.up, none());
      Object.assign(faults.down, none());
    },
    async close() {
      for (const pair of pairs) reset(pair);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function none(): Fault {
  return { delayMs: 0, isHeld: false, change: undefined, cutAt: undefined };
}

function reset(pair: readonly [Socket, Socket]): void {
  for (const socket of pair) if (!socket.destroyed) socket.resetAndDestroy();
}
