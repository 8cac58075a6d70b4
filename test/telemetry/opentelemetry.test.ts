import { AsyncLocalStorage } from "node:async_hooks";
import { type Context, type ContextManager, context, metrics, ROOT_CONTEXT, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  AggregationTemporality,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterEach, describe, expect, it } from "vitest";
import type { TokenErrorCode, TokenEvent } from "../../src/index.js";
import { openTelemetry } from "../../src/opentelemetry.js";
import { oauthDocument, oauthInputs, protectedBy, tokenEndpoint } from "../support/documents.js";
import { type Handler, scripted } from "../support/service.js";

const open: { shutdown(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.shutdown();
});

/** The SDK with exporters in memory. */
function sdk() {
  const spans = new InMemorySpanExporter();
  const tracing = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const metering = new MeterProvider({ readers: [reader] });
  open.push(tracing, metering);
  const collect = async (): Promise<MetricData[]> => {
    exporter.reset();
    await reader.forceFlush();
    return exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  };
  const points = async (name: string) =>
    (await collect())
      .filter(({ descriptor }) => descriptor.name === name)
      .flatMap(({ dataPoints }) => dataPoints.map(({ attributes, value }) => ({ attributes, value })));
  return {
    tracing,
    metering,
    tracer: tracing.getTracer("keyturn"),
    meter: metering.getMeter("keyturn"),
    spans,
    collect,
    points,
  };
}

/** Takes the active span along through promises. */
function contextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, work, self, ...args) => storage.run(active, () => work.apply(self as never, args)),
    bind: (_active, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}

function observed(routes: Readonly<Record<string, Handler>>, lifecycle: Record<string, unknown> = {}) {
  const telemetry = sdk();
  const onEvent = openTelemetry({ tracer: telemetry.tracer, meter: telemetry.meter });
  return {
    ...telemetry,
    ...scripted({ document: oauthDocument(lifecycle), routes, options: { inputs: oauthInputs, onEvent } }),
  };
}

describe("a renewal", () => {
  it("is one span and one count of its outcome", async () => {
    const { client, spans, points } = observed({
      "POST /token": tokenEndpoint(),
      "GET /things": protectedBy((token) => token === "at-1"),
    });
    await client.listThings();
    await client.listThings();
    expect(spans.getFinishedSpans().map(({ name, attributes }) => ({ name, attributes }))).toEqual([
      {
        name: "renew user",
        attributes: {
          "keyturn.scheme": "user",
          "keyturn.outcome": "renewed",
          "keyturn.renewal.reason": "missing",
          "keyturn.renewal.by": "obtain",
          "keyturn.operation": "getToken",
          "keyturn.generation": 1,
          "keyturn.rotated": false,
        },
      },
    ]);
    const attributes = {
      "keyturn.scheme": "user",
      "keyturn.outcome": "renewed",
      "keyturn.renewal.reason": "missing",
      "keyturn.renewal.by": "obtain",
    };
    expect(await points("keyturn.renewals")).toEqual([{ attributes, value: 1 }]);
  });

  it("that was refused is a span with an error, and its type is the code", async () => {
    const { client, spans, points } = observed({
      "POST /token": () => Response.json({ error: "invalid_client" }, { status: 401 }),
    });
    await client.listThings().catch(() => {});
    const [span] = spans.getFinishedSpans();
    const { code } = span?.status ?? {};
    expect(code).toBe(SpanStatusCode.ERROR);
    expect(await points("keyturn.renewals")).toEqual([
      {
        attributes: {
          "keyturn.scheme": "user",
          "keyturn.outcome": "locked_out",
          "keyturn.renewal.reason": "missing",
          "keyturn.held": false,
          "error.type": "credentials-rejected",
          "http.response.status_code": 401,
        },
        value: 1,
      },
    ]);
  });

  it.each<[TokenErrorCode, string]>([
    ["renewal-failed", "refused"],
    ["revoked", "refused"],
    ["unexpected-answer", "refused"],
    ["credentials-rejected", "locked_out"],
    ["challenge", "challenged"],
    ["answer-lost", "ambiguous"],
    ["unavailable", "unavailable"],
    ["closed", "unavailable"],
    ["store-failed", "persist_failed"],
    ["missing-input", "misconfigured"],
    ["input-failed", "misconfigured"],
    ["origin-refused", "misconfigured"],
    ["redirect-refused", "misconfigured"],
  ])("that fails with %s counts as %s", async (code, outcome) => {
    const { tracer, meter, points } = sdk();
    openTelemetry({ tracer, meter })({
      type: "renewal-failed",
      scheme: "user",
      reason: "expiring",
      code,
      durationMs: 5,
      held: false,
    });
    expect((await points("keyturn.renewals")).map(({ attributes }) => attributes["keyturn.outcome"])).toEqual([outcome]);
  });

  it("of another holder counts as adopted", async () => {
    const { tracer, meter, points } = sdk();
    openTelemetry({ tracer, meter })({ type: "token-adopted", scheme: "user", generation: 7, durationMs: 5 });
    expect(await points("keyturn.renewals")).toEqual([
      { attributes: { "keyturn.scheme": "user", "keyturn.outcome": "adopted" }, value: 1 },
    ]);
  });

  it("spans the time that its event says, and the histogram has it in seconds", async () => {
    const { tracer, meter, spans, collect } = sdk();
    const event: TokenEvent = {
      type: "token-adopted",
      scheme: "user",
      generation: 7,
      durationMs: 1500,
    };
    openTelemetry({ tracer, meter })(event);
    const [span] = spans.getFinishedSpans();
    expect(span?.duration).toEqual([1, 500_000_000]);
    const histogram = (await collect()).find(({ descriptor }) => descriptor.name === "keyturn.renewal.duration");
    expect(histogram?.descriptor.unit).toBe("s");
    expect(histogram?.dataPoints.map(({ value }) => (value as Histogram).sum)).toEqual([1.5]);
  });

  it("tells how long the new token lives, in seconds", async () => {
    const { tracer, meter, collect } = sdk();
    const renewed = {
      type: "token-renewed",
      scheme: "user",
      reason: "expiring",
      by: "refresh",
      operationId: "getToken",
      durationMs: 5,
    } as const;
    const listen = openTelemetry({ tracer, meter });
    listen({ ...renewed, generation: 2, rotated: true, expiresAt: Date.now() + 600_000 });
    listen({ ...renewed, generation: 3, rotated: true, expiresAt: null });
    listen({ ...renewed, generation: 4, rotated: true });
    const histogram = (await collect()).find(({ descriptor }) => descriptor.name === "keyturn.token.lifetime");
    expect(histogram?.descriptor.unit).toBe("s");
    const [{ sum, count } = { sum: 0, count: 0 }] = (histogram?.dataPoints ?? []).map(({ value }) => value as Histogram);
    expect([Math.round(sum ?? 0), count]).toEqual([600, 1]);
  });
});

describe("an incident", () => {
  const operationId = "listThings";
  const scheme = "user";

  it.each<[TokenEvent, string, Record<string, unknown>]>([
    [{ type: "answer-lost", scheme, operationId, next: "hold" }, "answer_lost", { "keyturn.next": "hold" }],
    [{ type: "save-failed", scheme, generation: 3 }, "persist_failed", {}],
    [{ type: "saved", scheme, generation: 3 }, "persisted", {}],
    [{ type: "recovered", scheme, operationId, changed: true }, "recovered", { "keyturn.changed": true }],
    [
      { type: "token-rejected", scheme, generation: 3, operationId, status: 401, replayed: false },
      "rejected",
      { "http.response.status_code": 401, "keyturn.replayed": false },
    ],
    [
      { type: "credentials-rejected", scheme, operationId, status: 403 },
      "credentials_rejected",
      { "http.response.status_code": 403 },
    ],
    [{ type: "replayed", scheme, operationId, generation: 4 }, "replayed", {}],
    [{ type: "challenge", scheme, operationId, status: 510, attempt: 2 }, "challenge", { "http.response.status_code": 510 }],
    [{ type: "revoked", scheme, operationId, ended: ["accessToken"] }, "revoked", {}],
  ])("of the event %o counts as %s", async (event, incident, facts) => {
    const { tracer, meter, points, spans } = sdk();
    openTelemetry({ tracer, meter })(event);
    const operation = event.type === "save-failed" || event.type === "saved" ? {} : { "keyturn.operation": operationId };
    expect(await points("keyturn.incidents")).toEqual([
      { attributes: { "keyturn.scheme": "user", "keyturn.incident": incident, ...operation, ...facts }, value: 1 },
    ]);
    expect(spans.getFinishedSpans()).toEqual([]);
  });

  it("is an event of the span that is active, and renewals are its children", async () => {
    const { client, spans, tracer } = observed({
      "POST /token": tokenEndpoint(),
      "GET /things": protectedBy((token) => token === "at-2"),
    });
    const active = tracer.startSpan("a request of the application");
    context.setGlobalContextManager(contextManager());
    try {
      await context.with(trace.setSpan(context.active(), active), () => client.listThings());
    } finally {
      context.disable();
    }
    active.end();
    const span = spans.getFinishedSpans().find(({ name }) => name === "a request of the application");
    expect(span?.events.map(({ name }) => name)).toEqual(["keyturn.rejected", "keyturn.replayed"]);
    const renewals = spans.getFinishedSpans().filter(({ name }) => name === "renew user");
    const { spanId } = active.spanContext();
    expect(renewals.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([spanId, spanId]);
  });
});

describe("telemetry", () => {
  it("goes to the global providers when nothing else is handed in", async () => {
    const { tracing, metering, spans, points } = sdk();
    trace.setGlobalTracerProvider(tracing);
    metrics.setGlobalMeterProvider(metering);
    try {
      openTelemetry()({ type: "token-adopted", scheme: "user", generation: 1, durationMs: 5 });
    } finally {
      trace.disable();
      metrics.disable();
    }
    expect(spans.getFinishedSpans()).toHaveLength(1);
    expect(await points("keyturn.renewals")).toHaveLength(1);
  });

  it("carries the attributes that it is given on everything", async () => {
    const { tracer, meter, spans, points } = sdk();
    const listen = openTelemetry({ tracer, meter, attributes: { "keyturn.api": "finance" } });
    listen({ type: "token-adopted", scheme: "user", generation: 1, durationMs: 5 });
    listen({ type: "save-failed", scheme: "user", generation: 1 });
    const [span] = spans.getFinishedSpans();
    const all = [
      ...(await points("keyturn.renewals")),
      ...(await points("keyturn.incidents")),
      { attributes: span?.attributes },
    ];
    expect(all.map(({ attributes }) => attributes?.["keyturn.api"])).toEqual(["finance", "finance", "finance"]);
  });

  it("of a thousand users makes as many series as that of one", async () => {
    const { client, collect } = observed({ "POST /token": tokenEndpoint(), "GET /things": protectedBy(() => true) });
    for (let user = 0; user < 1000; user += 1) await client.with({ username: `user-${user}` }).listThings();
    const series = (await collect()).map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints.length]);
    expect(series).toEqual([
      ["keyturn.renewals", 1],
      ["keyturn.renewal.duration", 1],
      ["keyturn.token.lifetime", 1],
    ]);
  });

  it("holds no token, no input and no body", async () => {
    const secrets = [...Object.values(oauthInputs), "at-1", "rt-1", "at-2", "rt-2", "canary"].filter(
      (text) => text !== "client",
    );
    let round = 0;
    const { client, spans, collect } = observed({
      "POST /token": (asked) => {
        round += 1;
        return round === 3 ? Response.json({ error: "canary" }, { status: 400 }) : endpoint(asked);
      },
      "GET /things": protectedBy((token) => token === "at-2"),
    });
    const endpoint = tokenEndpoint();
    await client.listThings();
    await client.renew("user").catch(() => {});
    await client.revoke("user").catch(() => {});
    const told = JSON.stringify([
      spans.getFinishedSpans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
      await collect(),
    ]);
    expect(told).toContain("renew user");
    expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
  });
});
