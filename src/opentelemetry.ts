/**
 * What happens to the tokens, told to OpenTelemetry: `keyturn/opentelemetry`. Needs `@opentelemetry/api` beside keyturn.
 *
 * Attributes hold what the document names, what the closed lists below name, and statuses: never a token, an input, a body,
 * or who a slot belongs to. So the number of series is bounded by the document.
 */

import { type Attributes, type Meter, metrics, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import type { TokenErrorCode } from "./errors.js";
import type { TokenEvent, TokenEventListener } from "./events.js";

export interface OpenTelemetryOptions {
  /** Makes the spans. Default: the tracer `keyturn` of the global provider. */
  readonly tracer?: Tracer;
  /** Makes the counters and histograms. Default: the meter `keyturn` of the global provider. */
  readonly meter?: Meter;
  /** Put on everything, such as which API it is about. Keep their values few. */
  readonly attributes?: Attributes;
}

/** How a renewal ended. */
export type RenewalOutcome =
  | "renewed"
  | "adopted"
  | "refused"
  | "locked_out"
  | "challenged"
  | "ambiguous"
  | "unavailable"
  | "persist_failed"
  | "misconfigured";

/** What befell a token while it was renewed or used. */
export type TokenIncident =
  | "answer_lost"
  | "persist_failed"
  | "persisted"
  | "recovered"
  | "rejected"
  | "credentials_rejected"
  | "replayed"
  | "challenge"
  | "revoked";

/** The bounds that the semantic conventions advise for the duration of requests, in seconds, and a longer one. */
const DURATION_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30];
const LIFETIME_BOUNDS = [1, 10, 60, 300, 900, 1800, 3600, 7200, 21_600, 86_400, 604_800, 2_592_000];

const FAILURES: Readonly<Record<TokenErrorCode, RenewalOutcome>> = {
  "renewal-failed": "refused",
  revoked: "refused",
  "unexpected-answer": "refused",
  "credentials-rejected": "locked_out",
  challenge: "challenged",
  "answer-lost": "ambiguous",
  unavailable: "unavailable",
  closed: "unavailable",
  "store-failed": "persist_failed",
  "missing-input": "misconfigured",
  "input-failed": "misconfigured",
  "origin-refused": "misconfigured",
  "redirect-refused": "misconfigured",
  "unfit-value": "misconfigured",
};

type Ending = Extract<TokenEvent, { readonly type: "token-renewed" | "token-adopted" | "renewal-failed" }>;
type Incident = Exclude<TokenEvent, Ending>;

/**
 * A listener for `onEvent` that makes a span and a count of each renewal that has ended, and a count of each incident, which
 * is also an event of the span that is active.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/general/naming/
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): TokenEventListener {
  const { tracer = trace.getTracer("keyturn"), meter = metrics.getMeter("keyturn"), attributes: always = {} } = options;
  const renewals = meter.createCounter("keyturn.renewals", {
    unit: "{renewal}",
    description: "Renewals that have ended, by outcome.",
  });
  const duration = meter.createHistogram("keyturn.renewal.duration", {
    unit: "s",
    description: "How long renewals took, their turn in the queue included.",
    advice: { explicitBucketBoundaries: DURATION_BOUNDS },
  });
  const lifetime = meter.createHistogram("keyturn.token.lifetime", {
    unit: "s",
    description: "How long new access tokens have to live when they come.",
    advice: { explicitBucketBoundaries: LIFETIME_BOUNDS },
  });
  const incidents = meter.createCounter("keyturn.incidents", {
    unit: "{incident}",
    description: "What befell tokens while they were renewed or used.",
  });

  function renewalEnded(event: Ending): void {
    const endTime = Date.now();
    const { durationMs } = event;
    const facts = { ...always, ...endingAttributes(event) };
    renewals.add(1, facts);
    duration.record(durationMs / 1000, facts);
    if (event.type === "token-renewed" && typeof event.expiresAt === "number") {
      const seconds = Math.max(0, (event.expiresAt - endTime) / 1000);
      lifetime.record(seconds, { ...always, "keyturn.scheme": event.scheme });
    }
    const span = tracer.startSpan(`renew ${event.scheme}`, {
      startTime: endTime - durationMs,
      attributes: { ...facts, ...spanAttributes(event) },
    });
    if (event.type === "renewal-failed") span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(endTime);
  }

  function incidentHappened(event: Incident): void {
    const facts = incidentAttributes(event);
    incidents.add(1, { ...always, ...facts });
    trace.getActiveSpan()?.addEvent(`keyturn.${facts["keyturn.incident"]}`, facts);
  }

  return (event) => {
    if (isEnding(event)) renewalEnded(event);
    else incidentHappened(event);
  };
}

function isEnding(event: TokenEvent): event is Ending {
  return event.type === "token-renewed" || event.type === "token-adopted" || event.type === "renewal-failed";
}

function endingAttributes(event: Ending): Attributes {
  const scheme = { "keyturn.scheme": event.scheme };
  if (event.type === "token-adopted") return { ...scheme, "keyturn.outcome": "adopted" satisfies RenewalOutcome };
  const reason = { "keyturn.renewal.reason": event.reason };
  if (event.type === "token-renewed") {
    const outcome: RenewalOutcome = "renewed";
    return { ...scheme, ...reason, "keyturn.outcome": outcome, "keyturn.renewal.by": event.by };
  }
  return {
    ...scheme,
    ...reason,
    "keyturn.outcome": FAILURES[event.code],
    "keyturn.held": event.held,
    "error.type": event.code,
    ...(event.status !== undefined && { "http.response.status_code": event.status }),
  };
}

/** What is told of one renewal and would make too many series. */
function spanAttributes(event: Ending): Attributes {
  if (event.type === "token-adopted") return { "keyturn.generation": event.generation };
  const operation = event.operationId === undefined ? {} : { "keyturn.operation": event.operationId };
  if (event.type === "renewal-failed") return operation;
  return {
    ...operation,
    "keyturn.generation": event.generation,
    "keyturn.rotated": event.rotated,
    ...(event.usesLeft !== undefined && { "keyturn.uses_left": event.usesLeft }),
  };
}

function incidentAttributes(event: Incident): Attributes & { readonly "keyturn.incident": TokenIncident } {
  const scheme = { "keyturn.scheme": event.scheme };
  switch (event.type) {
    case "answer-lost":
      return { ...scheme, "keyturn.incident": "answer_lost", ...operationOf(event), "keyturn.next": event.next };
    case "save-failed":
      return { ...scheme, "keyturn.incident": "persist_failed" };
    case "saved":
      return { ...scheme, "keyturn.incident": "persisted" };
    case "recovered":
      return { ...scheme, "keyturn.incident": "recovered", ...operationOf(event), "keyturn.changed": event.changed };
    case "token-rejected":
      return { ...scheme, "keyturn.incident": "rejected", ...answerOf(event), "keyturn.replayed": event.replayed };
    case "credentials-rejected":
      return { ...scheme, "keyturn.incident": "credentials_rejected", ...answerOf(event) };
    case "replayed":
      return { ...scheme, "keyturn.incident": "replayed", ...operationOf(event) };
    case "challenge":
      return { ...scheme, "keyturn.incident": "challenge", ...answerOf(event) };
    case "revoked":
      return { ...scheme, "keyturn.incident": "revoked", ...operationOf(event) };
  }
}

function operationOf({ operationId }: { readonly operationId: string }): Attributes {
  return { "keyturn.operation": operationId };
}

function answerOf({ operationId, status }: { readonly operationId: string; readonly status: number }): Attributes {
  return { "keyturn.operation": operationId, "http.response.status_code": status };
}
