import { type SpawnOptions, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { checkPackage, createPackageFromTarballData, type Problem } from "@arethetypeswrong/core";
import { publint } from "publint";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageFile } from "../../scripts/root.js";
import { compiler, makeUserProject, runtimeNames, type Served, serve, type UserProject } from "./project.js";
import { THINGS } from "./things.js";

const MINUTES = 5 * 60_000;
const CHROMIUMS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const chromium = CHROMIUMS.find((file) => existsSync(file));

let user: UserProject;
let served: Served;

beforeAll(async () => {
  user = await makeUserProject();
  user.add("undici", "@opentelemetry/api", "@types/node", "undici-types");
}, MINUTES);
afterAll(() => user?.remove());

describe("the tarball", () => {
  it(
    "is what publint asks of a package",
    async () => {
      const { messages } = await publint({ pkgDir: packageFile(""), strict: true });
      expect(messages).toEqual([]);
    },
    MINUTES,
  );

  it(
    "resolves its types wherever modules resolve",
    async () => {
      const data = ["./stores/schema.sql", "./lifecycle.schema.json", "./config.schema.json", "./package.json"];
      const analysis = await checkPackage(createPackageFromTarballData(readFileSync(user.tarball)), {
        excludeEntrypoints: data,
      });
      // ES modules alone, which CommonJS programs load since Node 20.19; TypeScript's oldest resolution sees the first entry alone.
      const isKnown = (problem: Problem) =>
        problem.kind === "CJSResolvesToESM" ||
        ("resolutionKind" in problem && problem.resolutionKind === "node10" && problem.entrypoint !== ".");
      const problems = "problems" in analysis ? analysis.problems.filter((problem) => !isKnown(problem)) : ["no types"];
      expect(problems).toEqual([]);
    },
    MINUTES,
  );

  it("holds the pages that its README leads to, and neither tests nor what is generated for this project", () => {
    const installed = path.join(user.folder, "node_modules/keyturn");
    const links = [...readFileSync(path.join(installed, "README.md"), "utf8").matchAll(/\]\((docs\/[^)#]+)/g)];
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter(([, page = ""]) => !existsSync(path.join(installed, page)))).toEqual([]);
    for (const name of ["test", "generated", "dist/generated", "dist/scripts/demo", "specs"]) {
      expect(existsSync(path.join(installed, name)), name).toBe(false);
    }
  });

  it("has a runtime of ASCII alone, which an engine keeps in half the memory", () => {
    const lib = path.join(user.folder, "node_modules/keyturn/dist/lib");
    const files = readdirSync(lib, { recursive: true, encoding: "utf8" }).filter((file) =>
      /^(?:index|shared.*)\.js$/.test(file),
    );
    expect(files.length).toBeGreaterThan(2);
    const texts = files.map((file) => readFileSync(path.join(lib, file), "utf8"));
    expect(files.filter((_, index) => [...texts[index]!].some((character) => character > "\u007F"))).toEqual([]);
  });

  it("brings nothing that runs a script when it is installed", () => {
    const lock = JSON.parse(readFileSync(path.join(user.folder, "package-lock.json"), "utf8")) as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    const scripted = Object.entries(lock.packages).filter(([, { hasInstallScript }]) => hasInstallScript === true);
    expect(scripted.map(([name]) => name)).toEqual([]);
  });
});

describe("in another project", () => {
  it("generates from specs/ without a configuration", async () => {
    const { code, stdout, stderr } = await user.keyturn("generate");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain("generated/things: 6 files written");
    expect(readFileSync(path.join(user.folder, "generated/things/client.ts"), "utf8")).toContain('from "keyturn"');
  });

  it("finds its own output up to date", async () => {
    const { code, stdout } = await user.keyturn("check");
    expect(stdout).toContain("generated/things: up to date");
    expect(code).toBe(0);
  });

  it.each(["node16", "nodenext", "bundler"])("type-checks under %s", async (moduleResolution) => {
    const module = { node16: "node16", nodenext: "nodenext", bundler: "esnext" }[moduleResolution];
    const compilerOptions = {
      ...{ module, moduleResolution, target: "es2022", lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"] },
      ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true },
      ...{ noPropertyAccessFromIndexSignature: true, skipLibCheck: false, outDir: "built", types: [] },
    };
    const config = path.join(user.folder, `tsconfig.${moduleResolution}.json`);
    const include = ["generated", "play.ts", "globals.d.ts"];
    writeFileSync(path.join(user.folder, "globals.d.ts"), "declare const process: { readonly argv: readonly string[] };\n");
    writeFileSync(config, JSON.stringify({ compilerOptions, include }));
    for (const name of ["typescript", "typescript-7"] as const) {
      const { code, stdout } = await user.run(process.execPath, compiler(name), "-p", config);
      expect(stdout, name).toBe("");
      expect(code, name).toBe(0);
    }
  });
});

describe("beside the types of Node", () => {
  it.each([
    { name: "with those of browsers", options: {} },
    { name: "alone", options: { lib: ["es2023"], skipLibCheck: false, verbatimModuleSyntax: true, erasableSyntaxOnly: true } },
  ])("every entry type-checks, $name", async ({ options }) => {
    user.write(
      "entries.ts",
      entries()
        .map((name, index) => `export * as e${index} from "${name}";\n`)
        .join(""),
    );
    const compilerOptions = {
      module: "nodenext",
      target: "es2023",
      types: ["node"],
      strict: true,
      outDir: "built",
      ...options,
    };
    const config = path.join(user.folder, "tsconfig.node.json");
    writeFileSync(config, JSON.stringify({ compilerOptions, include: ["generated", "play-undici.ts", "entries.ts"] }));
    const { code, stdout } = await user.run(process.execPath, compiler("typescript-7"), "-p", config);
    expect(stdout).toBe("");
    expect(code).toBe(0);
  });

  it("needs no later TypeScript than 5.4: what only later ones know stands in no declaration that an entry leads to", () => {
    const { exports } = manifest();
    const found = new Set<string>();
    const follow = (file: string): void => {
      if (found.has(file)) return;
      found.add(file);
      for (const [, to = ""] of readFileSync(file, "utf8").matchAll(/(?:from |import\()"(\.[^"]+)\.js"/g))
        follow(path.join(path.dirname(file), `${to}.d.ts`));
    };
    for (const entry of Object.values(exports))
      if (typeof entry === "object") follow(path.join(user.folder, "node_modules/keyturn", entry.types));
    expect(found.size).toBeGreaterThan(20);
    // Generic since TypeScript 5.7.
    expect([...found].filter((file) => /\bUint8Array</.test(readFileSync(file, "utf8")))).toEqual([]);
  });
});

describe("each entry", () => {
  it("of the package can be imported under this Node", async () => {
    const modules = entries();
    expect(modules).toContain("keyturn/stores/postgres");
    const script = `for (const name of ${JSON.stringify(modules)}) console.log(name, Object.keys(await import(name)).length > 0);`;
    const { stdout, stderr } = await user.run(process.execPath, "--input-type=module", "--eval", script);
    expect(stderr).toBe("");
    expect(stdout.trim().split("\n")).toEqual(modules.map((name) => `${name} true`));
  });
});

describe("each command", () => {
  it(
    "works from the tarball: init, generate, lint, explain and check",
    async () => {
      const project = user.below("begun", { "vendor/things.yaml": THINGS });
      expect(await project.keyturn("init", "vendor/things.yaml", "--yes")).toMatchObject({
        code: 0,
        stderr: expect.stringContaining("✓ keyturn.config.yaml"),
      });
      expect(await project.keyturn("generate")).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("generated/things: 6 files written"),
      });
      expect(await project.keyturn("lint")).toMatchObject({ code: 0, stdout: expect.stringMatching(/in 1 file\n$/) });
      const picture = await project.keyturn("explain", "things", "--format", "svg");
      expect(picture).toMatchObject({ code: 0, stdout: expect.stringMatching(/^<svg [\s\S]*<\/svg>\n$/) });

      const git = (...args: string[]) =>
        project.run("git", ...["-c", "user.name=u", "-c", "user.email=u@users.example"], ...args);
      await git("init", "--quiet");
      await git("add", ".");
      expect(await git("commit", "--quiet", "--message", "A client")).toMatchObject({ code: 0 });
      expect(await project.keyturn("check")).toMatchObject({ code: 0 });
      project.write("vendor/things.yaml", THINGS.replace("operationId: createThing", "operationId: addThing"));
      expect(await project.keyturn("check")).toMatchObject({
        code: 4,
        stdout: expect.stringContaining("✗ addThing was called createThing"),
      });
    },
    MINUTES,
  );

  it("works from the tarball: sandbox", async () => {
    const sandbox = user.start("sandbox", "things", "--json");
    const { apis } = (await sandbox.event()) as { apis: readonly { url: string }[] };
    const { status } = await fetch(`${apis[0]?.url}/things/t-1`);
    expect(status).toBe(401);
    expect(await sandbox.event()).toMatchObject({ event: "request", operationId: "getThing", status: 401 });
    expect(await sandbox.stop()).toBe(0);
  });

  it("works from the tarball: watch", async () => {
    const project = user.below("watched", { "specs/things.yaml": THINGS });
    const watch = project.start("watch", "--json");
    expect(await watch.event()).toMatchObject({ event: "generated", apis: [{ status: "written" }] });
    project.write("specs/things.yaml", THINGS.replace("operationId: createThing", "operationId: addThing"));
    expect(await watch.event()).toMatchObject({ event: "generated", apis: [{ name: "things", status: "written" }] });
    expect(await watch.stop()).toBe(0);
    expect(readFileSync(path.join(project.folder, "generated/things/operations.ts"), "utf8")).toContain("addThing:");
  });
});

describe("a generated client", () => {
  const expected = {
    first: { id: "t-1", name: "A thing" },
    second: { id: "t-1", name: "A thing" },
    made: 200,
    renewals: ["obtain", "refresh"],
  };

  beforeAll(async () => {
    served = await serve(user);
  }, MINUTES);
  afterAll(() => served?.stop());

  const play = async (program: string, args: readonly string[] = [], file = "play.js") => {
    const { code, stdout, stderr } = await user.run(program, ...args, `built/${file}`, served.url, served.expire);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(expected);
  };

  it("renews its token under this Node", () => play(process.execPath));

  it("renews its token under this Node without fetch", () => play(process.execPath, [], "play-undici.js"));

  it.each(runtimeNames)(
    "renews its token under %s",
    async (name) => {
      const program = await user.runtime(name);
      expect(program, `the registry has no ${name} for this machine`).toBeDefined();
      await play(program!, name === "deno" ? ["run", "--allow-net", "--allow-env", "--allow-read"] : []);
      if (!name.startsWith("node")) return;
      await play(program!, [], "play-undici.js");
      // A CommonJS program loads ES modules since Node 22.
      const { stdout } = await user.run(program!, "--print", 'typeof require("keyturn").createClient');
      expect(stdout).toBe("function\n");
    },
    MINUTES,
  );

  it.skipIf(chromium === undefined && process.env["CI"] === undefined)(
    `renews its token in a browser${chromium === undefined ? " (skipped: there is no Chromium here)" : ""}`,
    async () => {
      expect(chromium, "CI has Chromium").toBeDefined();
      const text = await browse(chromium!, await bundled());
      expect(JSON.parse(text)).toEqual(expected);
    },
    MINUTES,
  );
});

function manifest(): { readonly exports: Readonly<Record<string, string | { readonly types: string }>> } {
  return JSON.parse(readFileSync(path.join(user.folder, "node_modules/keyturn/package.json"), "utf8"));
}

/** The modules of the package, as a program names them. */
function entries(): string[] {
  return Object.entries(manifest().exports).flatMap(([name, entry]) =>
    typeof entry === "object" ? [path.posix.join("keyturn", name)] : [],
  );
}

/** The program above as one file for a browser; what asks for arguments and a console gets the page's. */
async function bundled(): Promise<string> {
  const bundle = await rolldown({ input: path.join(user.folder, "built/play.js"), platform: "browser", logLevel: "silent" });
  const { output } = await bundle.generate({ format: "esm", minify: true, codeSplitting: false });
  return output[0].code;
}

/** What a page tells that runs a module: the page comes from the origin of the service, as one of its own would. */
async function browse(chromium: string, module: string): Promise<string> {
  const page = `<!doctype html><meta charset="utf-8"><script type="module">
globalThis.process = { argv: ["", "", location.origin + "/things", location.origin + "/expire"] };
console.log = (text) => void fetch("/told", { method: "POST", body: text });
addEventListener("unhandledrejection", ({ reason }) => console.log(String(reason)));
await import("/play.js").catch((error) => console.log(String(error)));
</script>`;
  let tell!: (text: string) => void;
  const told = new Promise<string>((resolve) => {
    tell = resolve;
  });
  const server = createServer((request, response) => {
    if (request.url === "/told") void bodyOf(request).then((body) => tell(String(body)));
    else if (request.url === "/play.js") response.setHeader("content-type", "text/javascript").end(module);
    else if (request.url === "/") response.setHeader("content-type", "text/html").end(page);
    else void forward(request, response);
  });
  const forward = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request);
    const target = request.url === "/expire" ? served.expire : new URL(request.url ?? "", served.url);
    const { host: _host, connection: _connection, "content-length": _length, ...headers } = request.headers;
    const answer = await fetch(target, {
      method: request.method ?? "GET",
      headers: headers as Record<string, string>,
      ...(body.length > 0 && { body }),
    });
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "text/plain" });
    response.end(Buffer.from(await answer.arrayBuffer()));
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const flags = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
  ];
  const quiet = ["--disable-background-networking", "--disable-sync", `--user-data-dir=${path.join(user.folder, "profile")}`];
  const options = { stdio: ["ignore", "ignore", "pipe"], detached: true } satisfies SpawnOptions;
  const browser = spawn(chromium, [...flags, ...quiet, address], options);
  let complaints = "";
  browser.stderr?.on("data", (text) => {
    complaints += String(text);
  });
  // Not before its helpers have ended too: they hold the pipe, and write into its folder.
  const ended = new Promise<number | null>((resolve) => browser.once("close", resolve));
  const instead = ended.then((code) => Promise.reject(new Error(`the browser ended with ${code}: ${complaints}`)));
  try {
    return await Promise.race([told, instead]);
  } finally {
    if (browser.exitCode === null && browser.pid !== undefined) process.kill(-browser.pid, "SIGKILL");
    await ended;
    server.closeAllConnections();
    server.close();
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
