// What every library is put through, each time on a service of its own. A scenario gives one short fact.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { CLIENT_ID, CLIENT_SECRET, sleep, startService } from "./service.mjs";

const MEASURE = fileURLToPath(new URL("./measure.mjs", import.meta.url));
const LONGEST_CALL_MS = 15_000;

export const scenarios = [
  {
    id: "late-401s",
    title: "Late 401s",
    given:
      "three calls with an access token that the service has ended; their 401s come 200 ms apart; the service forgives a spent refresh token",
    async run(peer) {
      const { service, session } = await begin(peer, { forgiving: true });
      await session.call();
      service.endAccessTokens();
      service.holds = [0, 200, 400];
      const before = service.shown.length;
      const outcomes = await Promise.all([1, 2, 3].map(() => outcomeOf(session.call())));
      return { text: `${requests(service.shown.length - before)}; ${tally(outcomes)}`, service, session };
    },
  },
  {
    id: "rotated",
    title: "Rotated refresh token",
    given: "a refresh brings another refresh token; the access token ends; another call",
    async run(peer) {
      const { service, session } = await begin(peer, { life: 3 });
      await session.call();
      await sleep(3300);
      const outcome = await outcomeOf(session.call());
      const kept = service.reuses === 0 ? "kept and used next" : "the spent one is shown again, grant revoked";
      return { text: `${kept}${byCaller(peer)}; ${outcome}`, service, session };
    },
  },
  {
    id: "no-refresh-token",
    title: "Answer without a refresh token",
    given: "a refresh brings none, the old one stays in force; the access token ends; another call",
    async run(peer) {
      const { service, session } = await begin(peer, { life: 3, rotate: false });
      await session.call();
      await sleep(3300);
      const outcome = await outcomeOf(session.call());
      const kept = service.shown.at(-1) === "CANARY-rt-0" && service.shown.length > 1 ? "old one kept" : "old one lost";
      return { text: `${kept}${byCaller(peer)}; ${outcome}`, service, session };
    },
  },
  {
    id: "503",
    title: "503 while the old token is good",
    given: "the token endpoint answers 503 when the library renews ahead of the end; three calls",
    async run(peer) {
      if (peer.ahead === undefined) return { text: "never renews ahead of the end" };
      const { service, session } = await begin(peer, { life: peer.ahead.life });
      await session.call();
      service.onToken = { status: 503 };
      const before = service.shown.length;
      await sleep(peer.ahead.afterMs);
      const outcomes = [];
      for (let call = 0; call < 3; call += 1) {
        outcomes.push(await outcomeOf(session.call()));
        await sleep(50);
      }
      return { text: `${tally(outcomes)}; ${requests(service.shown.length - before)}`, service, session };
    },
  },
  {
    id: "abort",
    title: "Abort of the first caller",
    given: "two calls wait for the first token; the first caller aborts; then one more call",
    async run(peer) {
      const { service, session } = await begin(peer);
      service.onToken = { delayMs: 300 };
      const controller = new AbortController();
      const first = outcomeOf(session.call({ signal: controller.signal }));
      await sleep(30);
      const second = outcomeOf(session.call());
      await sleep(70);
      controller.abort();
      await first;
      const outcome = await second;
      service.onToken = {};
      const third = await outcomeOf(session.call());
      const kept = service.reuses > 0 ? `the spent token is shown again ${times(service.reuses)}` : "the token is kept";
      return { text: `second: ${outcome}; then: ${third}; ${kept}`, service, session };
    },
  },
  {
    id: "sixty-seconds",
    title: "60-second tokens",
    given: "fifty calls in a second, one after the other; the service forgives a spent refresh token",
    async run(peer) {
      const { service, session } = await begin(peer, { life: 60, forgiving: true });
      const outcomes = [];
      for (let call = 0; call < 50; call += 1) {
        outcomes.push(await outcomeOf(session.call()));
        await sleep(15);
      }
      return { text: `${requests(service.shown.length)}; ${tally(outcomes)}`, service, session };
    },
  },
  {
    id: "lost-answer",
    title: "Lost answer",
    given:
      "the service turns the refresh token, then the connection is cut; afterwards the line is good again; five calls in five seconds (while the old access token is good, where the library renews ahead of its end)",
    async run(peer) {
      const { life, afterMs } = peer.ahead ?? { life: 3, afterMs: 3300 };
      const { service, session } = await begin(peer, { life });
      await session.call();
      service.onToken = { cut: true };
      const before = service.shown.length;
      const mend = (async () => {
        while (service.shown.length === before) await sleep(1);
        await sleep(5);
        service.onToken = {};
      })();
      await sleep(afterMs);
      const outcomes = [];
      for (let call = 0; call < 5; call += 1) {
        outcomes.push(await outcomeOf(session.call()));
        await sleep(1000);
      }
      await mend;
      const again =
        service.reuses === 0 ? "spent token not shown" : `spent token shown ${times(service.reuses)}, grant revoked`;
      return { text: `${again}; ${tally(outcomes)}`, service, session };
    },
  },
  {
    id: "two-processes",
    title: "Two processes, one store",
    given: "both find the access token ended at the same moment; each calls; then once more",
    async run(peer) {
      if (peer.store === undefined) return { text: "no store" };
      const folder = mkdtempSync(join(tmpdir(), "keyturn-bench-"));
      const { service, session } = await begin(peer, { life: 3 }, join(folder, "tokens"));
      await session.call();
      await session.close?.();
      await sleep(3300);
      service.life = 3600;
      service.onToken = { delayMs: 150 };
      const before = service.shown.length;
      const children = [0, 1].map(() => startChild(peer, service, join(folder, "tokens")));
      await Promise.all(children.map(({ line }) => line()));
      const first = await Promise.all(children.map(({ ask }) => ask()));
      const then = await Promise.all(children.map(({ ask }) => ask()));
      for (const { end } of children) end();
      rmSync(folder, { recursive: true, force: true });
      const alarm = service.isRevoked ? "grant revoked" : "no alarm";
      const asked = requests(service.shown.length - before);
      return { text: `${asked}, ${alarm}; ${tally(first)}; then ${tally(then)}`, service };
    },
  },
  {
    id: "canary",
    title: "Secrets in `inspect` and in errors",
    given: "the library's objects, and the error of a refused and of a cut refresh, by `util.inspect` with everything shown",
    async run(peer) {
      const { service, session } = await begin(peer, { life: 3 });
      await session.call();
      const objects = secretsIn(session.objects());
      const errors = new Set();
      for (const fault of [{ status: 400 }, { cut: true }]) {
        await sleep(3300);
        service.onToken = fault;
        const error = await within(session.call()).then(
          () => session.error?.(),
          (thrown) => thrown,
        );
        for (const secret of secretsIn(error)) errors.add(secret);
      }
      return { text: `objects: ${list(objects)}; errors: ${list(errors)}`, service, session };
    },
  },
];

async function begin(peer, script = {}, file = undefined) {
  const service = await startService(script);
  return { service, session: peer.start({ ...given(service), file }) };
}

function given({ url, rotates }) {
  return { url, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, refreshToken: "CANARY-rt-0", rotates };
}

/** Another process with the same library on the same file; it prints a line when it is ready, and one for each call. */
function startChild(peer, service, file) {
  const child = spawn(process.execPath, [MEASURE, peer.name, "--share", JSON.stringify({ ...given(service), file })], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async () => (await lines.next()).value;
  return {
    line,
    ask: () => {
      child.stdin.write("call\n");
      return line();
    },
    end: () => child.kill("SIGKILL"),
  };
}

/** What came of a call, in a word: its status, or how it failed. */
export function outcomeOf(call) {
  return within(call).then(
    (status) => String(status),
    (error) => (error?.message === "hangs" ? "hangs" : "fails"),
  );
}

async function within(call) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("hangs")), LONGEST_CALL_MS);
  });
  return Promise.race([call, late]).finally(() => clearTimeout(timer));
}

function tally(outcomes) {
  const counts = new Map();
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => (count === 1 ? outcome : `${count} × ${outcome}`)).join(", ");
}

function requests(count) {
  return `${count} token request${count === 1 ? "" : "s"}`;
}

function times(count) {
  return count === 1 ? "once" : `${count} times`;
}

/** Where the library leaves it to its caller what becomes of a refresh token. */
function byCaller({ keepsTokens }) {
  return keepsTokens ? "" : " (by the caller's code)";
}

function secretsIn(value) {
  const text = inspect(value, {
    depth: Number.POSITIVE_INFINITY,
    showHidden: true,
    maxArrayLength: null,
    maxStringLength: null,
  });
  const kinds = { "client secret": "CANARY-secret", "refresh token": "CANARY-rt-", "access token": "CANARY-at-" };
  return Object.keys(kinds).filter((kind) => text.includes(kinds[kind]));
}

function list(secrets) {
  return [...secrets].join(", ") || "none";
}
