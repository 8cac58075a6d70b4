/**
 * Real servers for tests: of an address in the environment, else started from a binary of this machine on a free port and a
 * temporary folder, and ended with the test file. Without either the tests are skipped, with one line that says so; in CI
 * that is a failure.
 *
 * | server | environment | binary |
 * | --- | --- | --- |
 * | Redis | `KEYTURN_TEST_REDIS_URL` | `redis-server` |
 * | PostgreSQL | `KEYTURN_TEST_POSTGRES_URL` | `initdb` and `postgres`, also below `/usr/lib/postgresql` |
 * | PgBouncer | | `pgbouncer`, in front of a PostgreSQL that was started here |
 */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, connect as dial } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { NEVER_MS, pause } from "./waiting.js";

/** What a connection password looks like in these tests: nothing may ever show it. */
export const PASSWORD = "canary-password";

export interface TestServer {
  /** With the password in it. */
  readonly url: string;
  readonly port: number;
  /** The same address by way of another port, such as a proxy's. */
  urlAt(port: number): string;
  /** Only of a server that was started here: an address in the environment is left running. */
  readonly own?: OwnServer;
}

export interface OwnServer {
  /** Where it keeps its files. */
  readonly folder: string;
  readonly pid: () => number;
  /** Ends it: `kill` at once, as a power cut would; else in good order. */
  stop(how?: "kill"): Promise<void>;
  /** Starts it again, on the same port and folder. */
  start(): Promise<void>;
  /** Ends it for good, and removes its files. */
  end(): Promise<void>;
}

/** A Redis server; with `persistent`, one whose writes are on the disk before it answers. */
export async function redisServer({ persistent = false } = {}): Promise<TestServer | undefined> {
  const given = process.env["KEYTURN_TEST_REDIS_URL"];
  if (given !== undefined && given !== "" && !persistent) return atUrl(given, 6379);
  const binary = find("redis-server");
  if (binary === undefined) return missing("Redis", "KEYTURN_TEST_REDIS_URL", "redis-server");
  const port = await freePort();
  const folder = temporaryFolder("redis");
  const durability = persistent ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--appendonly", "no"];
  const flags = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--requirepass", PASSWORD];
  const own = await ownServer(folder, port, "SIGTERM", "SIGKILL", () => spawnServer(binary, [...flags, ...durability]));
  return { ...atUrl(`redis://:${PASSWORD}@127.0.0.1:${port}`, port), own };
}

/** A PostgreSQL server, with a database and a user that is not its superuser's. */
export async function postgresServer(): Promise<TestServer | undefined> {
  const given = process.env["KEYTURN_TEST_POSTGRES_URL"];
  if (given !== undefined && given !== "") return atUrl(given, 5432);
  const binary = find("postgres", postgresFolders());
  const initdb = find("initdb", postgresFolders());
  if (binary === undefined || initdb === undefined) {
    return missing("PostgreSQL", "KEYTURN_TEST_POSTGRES_URL", "initdb and postgres");
  }
  const user = unprivileged();
  const port = await freePort();
  const folder = temporaryFolder("postgres", user);
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, PASSWORD, { mode: 0o644 });
  const data = join(folder, "data");
  const flags = ["-D", data, "-U", "keyturn", "-A", "scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8", "--no-sync"];
  execFileSync(initdb, [...flags, "--locale=C"], { ...user, stdio: "ignore", cwd: folder });
  rmSync(passwordFile);
  // Processes are killed here, and machines are not: what the kernel has is there afterwards, however slow the disk is.
  const kept = ["-c", "fsync=off", "-c", "max_connections=60", "-c", "shared_buffers=16MB"];
  const settings = ["-c", `unix_socket_directories=${folder}`, ...kept];
  const place = ["-D", data, "-h", "127.0.0.1", "-p", String(port)];
  const start = () => spawnServer(binary, [...place, ...settings], user, "QUIT");
  const own = await ownServer(folder, port, "SIGINT", "SIGQUIT", start);
  const server = { ...atUrl(`postgresql://keyturn:${PASSWORD}@127.0.0.1:${port}/postgres`, port), own };
  await untilReady(server.url);
  return server;
}

/** A pooler that gives each transaction whatever connection is free, in front of a PostgreSQL server. */
export async function transactionPooler(postgres: TestServer): Promise<TestServer | undefined> {
  const binary = find("pgbouncer", ["/usr/sbin"]);
  if (binary === undefined) return missing("PgBouncer", undefined, "pgbouncer");
  const user = unprivileged();
  const port = await freePort();
  const folder = temporaryFolder("pgbouncer", user);
  const { username, password, pathname } = new URL(postgres.url);
  const users = join(folder, "users.txt");
  writeFileSync(users, `"${username}" "${password}"\n`, { mode: 0o644 });
  const settings = join(folder, "pgbouncer.ini");
  writeFileSync(
    settings,
    `[databases]
${pathname.slice(1)} = host=127.0.0.1 port=${postgres.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = transaction
default_pool_size = 3
ignore_startup_parameters = extra_float_digits
`,
    { mode: 0o644 },
  );
  const own = await ownServer(folder, port, "SIGTERM", "SIGKILL", () => spawnServer(binary, [settings], user));
  return { ...atUrl(postgres.url, port, port), own };
}

/** Why tests of a server are skipped: the end of a title. */
export function whySkipped(server: TestServer | undefined, name: string): string {
  return server === undefined ? ` (skipped: there is no ${name} here)` : "";
}

/** A server that ends with the process that started it, however that ends, where the system can see to it. */
function spawnServer(binary: string, args: string[], user: User = {}, signal = "KILL"): ChildProcess {
  const setpriv = find("setpriv");
  const command = setpriv === undefined ? [] : [setpriv, "--pdeathsig", signal, "--"];
  const [program = binary, ...rest] = [...command, binary, ...args];
  return spawn(program, rest, { stdio: "ignore", ...user });
}

async function ownServer(
  folder: string,
  port: number,
  inGoodOrder: NodeJS.Signals,
  atOnce: NodeJS.Signals,
  spawnAnew: () => ChildProcess,
): Promise<OwnServer> {
  let child: ChildProcess | undefined;
  const own: OwnServer = {
    folder,
    pid: () => child?.pid ?? 0,
    async start() {
      child = spawnAnew();
      await untilListening(port, child);
    },
    async stop(how) {
      const last = child;
      child = undefined;
      if (last === undefined || last.exitCode !== null || last.signalCode !== null) return;
      const ended = new Promise((resolve) => last.once("exit", resolve));
      last.kill("SIGCONT"); // a test may have stopped it
      last.kill(how === "kill" ? atOnce : inGoodOrder);
      await ended;
    },
    async end() {
      await own.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  process.once("exit", () => child?.kill(atOnce)); // when the tests were ended before they could
  await own.start();
  return own;
}

function atUrl(url: string, defaultPort: number, port = Number(new URL(url).port || defaultPort)): TestServer {
  const urlAt = (other: number) => {
    const moved = new URL(url);
    moved.hostname = "127.0.0.1";
    moved.port = String(other);
    return moved.href;
  };
  return { url: port === Number(new URL(url).port || defaultPort) ? url : urlAt(port), port, urlAt };
}

function missing(name: string, variable: string | undefined, binaries: string): undefined {
  const why = `there is no ${binaries} on this machine${variable === undefined ? "" : `, and ${variable} is not set`}`;
  if (!["", "false", undefined].includes(process.env["CI"])) {
    throw new Error(`the tests that need ${name} cannot run: ${why}; in CI that is a failure`);
  }
  if (isFirstToTell(name)) process.stderr.write(`SKIPPED: the tests that need ${name}: ${why}\n`);
  return undefined;
}

/** Each test file has a process of its own: one of those with the same parent tells. */
function isFirstToTell(name: string): boolean {
  try {
    writeFileSync(join(tmpdir(), `keyturn-skipped-${name}-${process.ppid}`), "", { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

function find(name: string, further: readonly string[] = []): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...further];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

function postgresFolders(): string[] {
  const root = "/usr/lib/postgresql";
  return existsSync(root) ? readdirSync(root).map((version) => join(root, version, "bin")) : [];
}

interface User {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL and PgBouncer do not run as root: they run as a user that exists for such things. */
function unprivileged(): User {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync("/etc/passwd", "utf8").split("\n");
  const line = users.find((one) => one.startsWith("postgres:")) ?? users.find((one) => one.startsWith("nobody:"));
  const [, , uid, gid] = (line ?? "nobody:x:65534:65534").split(":");
  return { uid: Number(uid), gid: Number(gid) };
}

function temporaryFolder(name: string, { uid, gid }: User = {}): string {
  const folder = mkdtempSync(join(tmpdir(), `keyturn-${name}-`));
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return folder;
}

/**
 * A port that nobody listens on at the moment, of those that no system gives to a connection or a listener by itself: it stays
 * free until the server has started, and while it is down between two starts.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  for (const end = Date.now() + NEVER_MS; Date.now() < end; await pause(20)) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode} instead of listening`);
    const socket = dial(port, "127.0.0.1");
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
  }
  throw new Error(`${child.spawnfile} does not listen`);
}

/** PostgreSQL listens before it answers. */
export async function untilReady(url: string): Promise<void> {
  const { default: pg } = await import("pg");
  for (let attempt = 0; ; attempt += 1) {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query("SELECT 1");
      return;
    } catch (error) {
      if (attempt > 600) throw error;
      await pause(50);
    } finally {
      await client.end().catch(() => {});
    }
  }
}
