import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../scripts/root.js";
import { type Sample, type SoakReport, soak } from "./soak.js";

/**
 * `npm run soak`: ten minutes, or as many seconds as SOAK_SECONDS says; with SOAK_WRITE the figures go into the page. As one of all
 * tests: seconds.
 */
const IS_LONG = (import.meta as { readonly env?: { readonly MODE?: string } }).env?.MODE === "soak";
const SECONDS = IS_LONG ? Number(process.env["SOAK_SECONDS"] ?? 600) : 20;
const MIB = 1024 * 1024;

describe(`${SECONDS} seconds of calls with tokens that live for two, faults and kills`, () => {
  it("fail in no way that the fault matrix does not allow, and leave nothing behind", {
    timeout: (SECONDS + 120) * 1000,
  }, async () => {
    const seed = IS_LONG ? Date.now() % 1_000_000 : 20;
    const report = await soak({ seconds: SECONDS, processes: 3, users: 2, seed });
    if (IS_LONG) process.stdout.write(`${summary(report)}\n${figures(report)}\n`);
    if (process.env["SOAK_WRITE"] !== undefined) write(figures(report));

    const { unexpected, alarms, lost, samples, closed, ends, requests, tokenRequests } = report;
    expect(unexpected, summary(report)).toEqual([]);
    const natures = Object.keys(alarms);
    expect(
      natures.filter((nature) => (alarms[nature] ?? 0) > (lost[nature] ?? 0)),
      summary(report),
    ).toEqual([]);
    expect([requests, tokenRequests].every((sent) => sent > SECONDS)).toBe(true);

    const early = samples.slice(2, 2 + Math.ceil(samples.length / 3));
    const late = samples.slice(-Math.ceil(samples.length / 3));
    expect(least(late, (one) => one.heapBytes) - least(early, (one) => one.heapBytes)).toBeLessThan(4 * MIB);
    for (const count of [timers, sockets, listeners]) {
      expect(least(late, count), `${count.name}: ${summary(report)}`).toBeLessThanOrEqual(most(early, count) + 2);
    }
    expect(ends).toEqual([0, 0, 0]);
    for (const { resources } of closed) expect(Object.keys(resources).filter(isLeftBehind)).toEqual([]);
  });
});

function timers({ resources }: Sample): number {
  return resources["Timeout"] ?? 0;
}

function sockets({ resources }: Sample): number {
  return Object.entries(resources).reduce((sum, [name, count]) => (/^TCP|^TLS/.test(name) ? sum + count : sum), 0);
}

function listeners({ listeners: { signal, process } }: Sample): number {
  return signal + process;
}

/** Beside the pipes by which a process is told and tells. */
function isLeftBehind(resource: string): boolean {
  return !/^Pipe/.test(resource);
}

function least(samples: readonly Sample[], measure: (sample: Sample) => number): number {
  return Math.min(...samples.map(measure));
}

function most(samples: readonly Sample[], measure: (sample: Sample) => number): number {
  return Math.max(...samples.map(measure));
}

/** What stands on the page for operators. */
function figures({ samples, requests, tokenRequests, kills, faults, allowed, lost, alarms, unexpected }: SoakReport): string {
  const sum = (counts: Readonly<Record<string, number>>) => group(Object.values(counts).reduce((all, one) => all + one, 0));
  const heap = (measure: typeof least) => (measure(samples.slice(-30), ({ heapBytes }) => heapBytes) / MIB).toFixed(1);
  const first = ((samples[29] ?? samples[0])?.heapBytes ?? 0) / MIB;
  return [
    `In ${SECONDS} seconds: ${group(requests)} requests, ${group(tokenRequests)} of them token calls; ${sum(faults)} faults and ${kills} kills;`,
    `${sum(lost)} grants lost with the answer that held their only successor, and ${sum(alarms)} alarms for them; ${sum(allowed)} calls failed as the`,
    `matrix allows, ${unexpected.length} otherwise. Heap of the process that lived through it: ${first.toFixed(1)} MiB after half a minute, at the end`,
    `between ${heap(least)} and ${heap(most)} MiB; most timers ${most(samples, timers)}, most sockets ${most(samples, sockets)}.`,
    ...Object.entries(allowed).map(([why, times]) => `- ${group(times)} because ${why}`),
  ].join("\n");
}

function write(text: string): void {
  const file = packageFile("docs/operations.md");
  const page = readFileSync(file, "utf8");
  writeFileSync(
    file,
    page.replace(/(<!-- soak[^\n]*-->\n).*(<!-- \/soak -->)/s, (_, from, to) => `${from}${text}\n${to}`),
  );
}

function group(count: number): string {
  return count.toLocaleString("en-GB");
}

function summary({ samples, ...report }: SoakReport): string {
  const few = samples.filter((_, index) => index % Math.ceil(samples.length / 10) === 0);
  return JSON.stringify({ ...report, samples: few }, undefined, 1);
}
