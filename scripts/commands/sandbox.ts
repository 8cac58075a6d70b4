/** `keyturn sandbox`: documents served on a port, with tokens that turn. */

import { type Fault, type Sandbox, type Settings, startSandbox } from "../../src/sandbox/index.js";
import { printable, printableJson } from "../diagnostics/printable.js";
import type { ApiModel } from "../model/model.js";
import { nearest } from "../nearest.js";
import { defineCommand, type Flags, type FlagValues } from "./command.js";
import { CONFIG_FLAG, JSON_FLAG, PROJECT_OPERANDS, projectIn } from "./options.js";
import { isColoured, type Paint, painter } from "./paint.js";
import { readApis } from "./reading.js";
import { type AccountInputs, completed, demoAccount, readAccount } from "./sandbox/account.js";
import { type OrderedText, readFault } from "./sandbox/fault.js";
import { logLine } from "./sandbox/log.js";
import { Refusal, UsageError } from "./usage.js";
import { readDuration, readInteger } from "./values.js";

const FLAGS = {
  ...CONFIG_FLAG,
  port: { type: "text", short: "p", value: "n", help: "the port; 0 is any free one (default: 0)" },
  host: { type: "text", value: "address", help: "the address to listen on (default: 127.0.0.1, this machine alone)" },
  "token-life": {
    type: "texts",
    value: "time",
    help: "how long access tokens live: 30s, 5m, never; refreshToken=1h for another output (default: as documented)",
  },
  "rotate-every": { type: "text", value: "n", help: "replace a refresh token at every nth refresh, where that is left open" },
  latency: { type: "text", value: "time", help: "how long answers take: 50ms, or 50ms..200ms for any time between" },
  fault: { type: "texts", value: "fault", help: "what goes wrong, and for which requests: 503,on=listPets,rate=10%" },
  account: {
    type: "texts",
    value: "inputs",
    help: "another account: username=ada,password=pw, or petstore:username=ada for one API of several",
  },
  challenge: { type: "switch", help: "demand a second factor of every account" },
  seed: { type: "text", value: "text", help: "make every token and every chance predictable" },
  quiet: { type: "switch", short: "q", help: "print no line for each request" },
  ...JSON_FLAG,
} as const satisfies Flags;

export const command = defineCommand({
  name: "sandbox",
  summary: "serve documents on a port, with tokens that turn",
  operands: PROJECT_OPERANDS,
  description: [
    "Plays the service of each document: it answers as documented, and issues, counts, rotates, expires and rejects tokens as the lifecycles say. Each API is below its own name: /petstore/…. An account with made-up inputs is known from the start. Runs until Ctrl+C.",
    "A fault is an effect, and after commas the requests that it befalls. Effects: a status, drop, hang, cut=<bytes>, latency=<time>, rejected=token|credentials|challenge. Requests: on=<operationId> or on=obtain|refresh|recover|revoke, scheme=<name>, api=<name>, rate=<10%>, times=<n>, after=<n>. With commit the service does its work first, and only the answer is lost. A status takes header=<name>:<value> and, at the end, body=<text>.",
  ],
  flags: FLAGS,
  examples: [
    ["sandbox", "every API of the project, on any free port"],
    ["sandbox petstore --port 4010 --token-life 30s", "tokens that end after half a minute"],
    ["sandbox --latency 50ms..200ms --fault 503,rate=5%", "a service on a bad day"],
    ["sandbox --fault drop,on=refresh,commit,times=1", "a refresh whose answer gets lost"],
    ["sandbox path/to/openapi.yaml --json", "events as lines of JSON, for another program"],
  ],
  exits: [
    [0, "asked to end by SIGTERM, or by the end of whoever read what it prints"],
    [1, "a document has errors"],
  ],
  async run({ flags, names }, shell) {
    const options = readOptions(flags);
    const config = flags.config === undefined ? {} : { config: flags.config };
    const project = await projectIn(shell.folder, { ...config, documents: names });
    const read = await readApis(project, shell, flags["no-color"]);
    if (read === undefined) return 1;
    const { stdout, stderr } = shell;
    const paint = painter(isColoured(shell, stdout, flags["no-color"]));
    const say = (event: object): void => void (flags.json && stdout.write(`${printableJson(event)}\n`));

    // Before anybody can know that it is there, so that no signal comes too early.
    const ended = shell.ended();
    const sandbox = await startSandbox({
      documents: read.map(({ source, document }) => ({ name: source.name, document: document.root })),
      ...options.server,
      remember: 1000,
      onRequest(record) {
        const at = Date.now();
        say({ event: "request", ...record });
        if (!flags.json && !flags.quiet) stdout.write(`${logLine({ record, at, ms: at - record.at }, paint)}\n`);
      },
    }).catch((error: unknown) => {
      const refusal = listenFault(error, flags);
      throw refusal === undefined ? error : new Refusal(refusal);
    });
    try {
      const models = new Map(read.map(({ source, model }) => [source.name, model]));
      const accounts = openAccounts(sandbox, models, flags);
      for (const name of models.keys()) sandbox.configure(name, options.settings);
      for (const ordered of options.faults) orderFault(sandbox, models, ordered);
      const apis = [...models].map(([name, model]) => ({
        name,
        url: sandbox.url(name),
        model,
        inputs: accounts.get(name) ?? {},
      }));
      say({
        event: "listening",
        origin: sandbox.origin,
        apis: apis.map(({ name, url, inputs, model }) => ({ name, url, document: model.source, inputs })),
      });
      if (!flags.json) stdout.write(welcome(apis, project.out, paint));
      const code = await ended;
      say({ event: "closed", requests: sandbox.requests.length, alarms: sandbox.alarms.length });
      for (const { api, scheme } of sandbox.alarms)
        stderr.write(
          `${api}: a refresh token of ${printable(scheme)} was shown after it had been rotated away, and its grant ended\n`,
        );
      return code;
    } finally {
      await sandbox.close();
    }
  },
});

function readOptions(flags: FlagValues<typeof FLAGS>) {
  const { port = "0", host, latency, seed } = flags;
  const rotateEvery = flags["rotate-every"];
  const settings: Settings = {
    ...readTokenLife(flags["token-life"]),
    ...(rotateEvery !== undefined && { rotateEvery: readInteger(rotateEvery, "--rotate-every", 1) }),
  };
  const server = {
    port: readInteger(port, "--port", 0, 65_535),
    ...(host !== undefined && { host }),
    ...(latency !== undefined && { latencyMs: readLatency(latency) }),
    ...(seed !== undefined && { seed }),
  };
  return { server, settings, faults: flags.fault.map(readFault) };
}

function readTokenLife(texts: readonly string[]): Settings {
  const lives = texts.map((text): readonly [string, number] => {
    const [, output = "accessToken", life = text] = /^(\w+)=(.*)$/.exec(text) ?? [];
    return [output, life === "never" ? Number.POSITIVE_INFINITY : readDuration(life, "--token-life") / 1000];
  });
  if (lives.length === 0) return {};
  const [first] = lives;
  const isPlain = lives.length === 1 && first?.[0] === "accessToken" && !texts[0]?.includes("=");
  return { lifetimeSeconds: isPlain && first !== undefined ? first[1] : Object.fromEntries(lives) };
}

function readLatency(text: string): number | readonly [number, number] {
  const [least = "", most] = text.split("..");
  const from = readDuration(least, "--latency");
  if (most === undefined) return from;
  const to = readDuration(most, "--latency");
  if (to < from) throw new UsageError(`--latency goes from the shorter to the longer time, not "${text}"`);
  return [from, to];
}

/** Makes the accounts known, and returns what the snippet for each API says: the first that is stated, else the made-up one. */
function openAccounts(
  sandbox: Sandbox,
  models: ReadonlyMap<string, ApiModel>,
  { account, challenge }: FlagValues<typeof FLAGS>,
): ReadonlyMap<string, AccountInputs> {
  const stated = account.map(readAccount);
  for (const { api } of stated) if (api !== undefined) known(api, models.keys(), "--account", "API");
  return new Map(
    [...models].map(([name, model]) => {
      const own = stated.filter(({ api }) => api === undefined || api === name);
      const accounts = [...own.map(({ inputs }) => completed(inputs, model)), demoAccount(model)];
      for (const inputs of accounts) sandbox.account(name, inputs).challenge(challenge);
      return [name, accounts[0] ?? {}];
    }),
  );
}

const ROLES = ["obtain", "refresh", "recover", "revoke"] as const;

function orderFault(sandbox: Sandbox, models: ReadonlyMap<string, ApiModel>, { api, on, fault }: OrderedText): void {
  if (api !== undefined) known(api, models.keys(), "--fault", "API");
  const meant = [...models].filter(([name]) => api === undefined || api === name);
  const operations = new Set(meant.flatMap(([, { definition }]) => Object.keys(definition.operations)));
  const schemes = new Set(meant.flatMap(([, { securitySchemes }]) => securitySchemes.map(({ name }) => name)));
  const role = ROLES.find((one) => one === on && !operations.has(one));
  if (on !== undefined && role === undefined) known(on, operations, "--fault", "operation");
  if (fault.scheme !== undefined) known(fault.scheme, schemes, "--fault", "security scheme");
  for (const [name, { definition, securitySchemes }] of meant) {
    if (on !== undefined && role === undefined && !Object.hasOwn(definition.operations, on)) continue;
    if (fault.scheme !== undefined && !securitySchemes.some((scheme) => scheme.name === fault.scheme)) continue;
    const selection = on === undefined ? {} : role === undefined ? { operationId: on } : { role };
    sandbox.fault(name, { ...fault, ...selection } as Fault);
  }
}

function known(name: string, names: Iterable<string>, flag: string, kind: string): void {
  const all = [...names];
  if (all.includes(name)) return;
  const near = nearest(name, all);
  const hint = near !== undefined ? `; did you mean ${near}?` : all.length <= 12 ? `; there are ${all.join(", ")}` : "";
  throw new UsageError(`${flag}: there is no ${kind} "${name}"${hint}`);
}

interface Served {
  readonly name: string;
  readonly url: string;
  readonly model: ApiModel;
  readonly inputs: AccountInputs;
}

/** Where each API is, and the first lines of a client of it. */
function welcome(apis: readonly Served[], out: string, paint: Paint): string {
  const width = Math.max(...apis.map(({ name }) => name.length));
  const urlWidth = Math.max(...apis.map(({ url }) => url.length));
  const places = apis.map(({ name, url, model }) => {
    return `  ${paint("bold", name.padEnd(width))}  ${paint("cyan", printable(url.padEnd(urlWidth)))}  ${paint("dim", printable(model.source))}`;
  });
  const snippets = apis.map(({ name, url, model, inputs }) => {
    const { camel, pascal } = model.names;
    const needed = Object.entries(inputs).map(
      ([input, value]) => `${isWord(input) ? input : printableJson(input)}: ${printableJson(value)}`,
    );
    const line = `    inputs: { ${needed.join(", ")} },`;
    const listed = line.length <= 100 ? [line] : ["    inputs: {", ...needed.map((one) => `      ${one},`), "    },"];
    return [
      paint("dim", `  import { create${pascal} } from "./${out}/${name}/index.js";`),
      `  const ${camel} = create${pascal}({`,
      `    baseUrl: ${printableJson(url)},`,
      ...(needed.length > 0 ? listed : []),
      "  });",
    ].join("\n");
  });
  return `${places.join("\n")}\n\n${snippets.join("\n\n")}\n\n${paint("dim", "  Ctrl+C ends it.")}\n\n`;
}

function isWord(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name);
}

/** Why nothing can listen there, as far as it is the caller's choice. */
function listenFault(
  error: unknown,
  { port, host }: { readonly port?: string | undefined; readonly host?: string | undefined },
): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return `the port ${port} is taken; --port 0 takes any free one`;
  if (code === "EACCES") return `the port ${port} is kept for the system; take one from 1024 on`;
  if (code === "ENOTFOUND" || code === "EADDRNOTAVAIL") return `--host ${host} is no address of this machine`;
  return undefined;
}
