/**
 * Who waits for a change of which record. A store whose records others change too tells its watch every version that it comes
 * to see, by reading, by writing, or because it was told; the watch looks by itself now and then, as long as somebody waits.
 */

export interface WatchOptions {
  /** The versions of these records as they are now; a record that does not exist has none. */
  look(keys: readonly string[]): Promise<Iterable<readonly [key: string, version: number | undefined]>>;
  /** How long to pause between two looks at so many records, in milliseconds. */
  pauseMs(waiting: number): number;
  /** Called before each look: where a store can be told of changes, it sees to it that it is told of these. */
  attend?(keys: readonly string[]): void;
}

export interface Watch {
  /** Resolves when the record may have changed, or when `signal` aborts. */
  changed(key: string, signal: AbortSignal): Promise<void>;
  /** Takes note of a version: whoever waits for this record wakes when it is another one than was seen before. */
  saw(key: string, version: number | undefined): void;
  /** Wakes whoever waits for this record. */
  wake(key: string): void;
  /** Looks now. */
  look(): void;
  /** Wakes everybody, and leaves no timer. */
  close(): void;
}

interface Waiting {
  readonly wakers: Set<() => void>;
  seen?: { readonly version: number | undefined };
}

export function createWatch(options: WatchOptions): Watch {
  const waiting = new Map<string, Waiting>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isLooking = false;
  let isLookDue = false;

  function lookSoon(): void {
    if (isLooking) isLookDue = true;
    else schedule(0);
  }

  // The timer holds the process: somebody waits, and has nothing else that does.
  function schedule(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(lookAtAll, ms);
  }

  async function lookAtAll(): Promise<void> {
    isLooking = true;
    isLookDue = false;
    const keys = [...waiting.keys()];
    try {
      if (keys.length > 0) options.attend?.(keys);
      for (const [key, version] of keys.length > 0 ? await options.look(keys) : []) watch.saw(key, version);
    } catch {
      // The next look may succeed; whoever waits has a bound of its own.
    }
    isLooking = false;
    if (waiting.size > 0) schedule(isLookDue ? 0 : options.pauseMs(waiting.size));
  }

  const watch: Watch = {
    changed: (key, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const { wakers } = waiting.get(key) ?? begin(key);
        const wake = () => {
          signal.removeEventListener("abort", wake);
          wakers.delete(wake);
          if (wakers.size === 0 && waiting.get(key)?.wakers === wakers) waiting.delete(key);
          if (waiting.size === 0) clearTimeout(timer);
          resolve();
        };
        wakers.add(wake);
        signal.addEventListener("abort", wake, { once: true });
      }),
    saw(key, version) {
      const entry = waiting.get(key);
      if (entry === undefined) return;
      if (entry.seen !== undefined && entry.seen.version !== version) watch.wake(key);
      else entry.seen = { version };
    },
    wake(key) {
      for (const wake of [...(waiting.get(key)?.wakers ?? [])]) wake();
    },
    look() {
      if (waiting.size > 0) lookSoon();
    },
    close() {
      for (const key of [...waiting.keys()]) watch.wake(key);
      clearTimeout(timer);
    },
  };

  /** The first look at a record says what it is that must change. */
  function begin(key: string): Waiting {
    const entry: Waiting = { wakers: new Set() };
    waiting.set(key, entry);
    lookSoon();
    return entry;
  }

  return watch;
}
