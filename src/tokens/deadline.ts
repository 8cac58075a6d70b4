/** A limit on how long something may take; once it is over, nothing of it is left. */
export interface Deadline {
  /** Aborts with the reason of `AbortSignal.timeout`, whose own timer would outlive what it limits. */
  readonly signal: AbortSignal;
  end(): void;
}

/** @param limitMs from now, in milliseconds. It keeps no process alive. */
export function deadline(limitMs: number): Deadline {
  const controller = new AbortController();
  const late = () => controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
  const timer = setTimeout(late, limitMs);
  (timer as { unref?(): void }).unref?.(); // only Node's timers have it
  return { signal: controller.signal, end: () => clearTimeout(timer) };
}
