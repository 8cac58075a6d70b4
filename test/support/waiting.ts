/** How tests wait: for what happens, never for how long that takes. What a bound says is that it never happens. */

/** After so long, in milliseconds, something that has not happened is taken never to. No speed is stated by it. */
export const NEVER_MS = 30_000;

/** Tries until it does not throw. */
export async function eventually<T>(attempt: () => T | Promise<T>): Promise<T> {
  for (const end = performance.now() + NEVER_MS; ; ) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > end) throw error;
      await pause(10);
    }
  }
}

/**
 * Whether a promise settles within so many milliseconds. Timers of one process end in their order however slow it is: what
 * another timer ends sooner is done, also where the machine stood still meanwhile.
 */
export async function within(ms: number, promise: Promise<unknown>): Promise<"done" | "pending"> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"pending">((resolve) => {
    timer = setTimeout(resolve, ms, "pending");
  });
  try {
    return await Promise.race([promise.then(() => "done" as const), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether a promise settles without waiting for anything outside: in a few turns of the event loop. */
export async function atOnce(promise: Promise<unknown>): Promise<"done" | "pending"> {
  return Promise.race([promise.then(() => "done" as const), turns().then(() => "pending" as const)]);
}

/** Lets what has arrived be heard: a few turns of the event loop, in each of which sockets and files are looked at. */
export async function turns(count = 10): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
