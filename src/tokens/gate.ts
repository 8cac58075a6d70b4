/** Bounds how many renewals a family has under way at once, so that thousands of tokens that end together do not ask together. */
export interface Gate {
  /**
   * Runs a renewal: at once, or in turn.
   *
   * @param onWait is handed a way past the queue, for when a renewal that has its place already needs this one.
   */
  pass<T>(work: () => Promise<T>, onWait: (skip: () => void) => void): Promise<T>;
  /** Takes one of the places for renewals ahead of time, which leave the rest to those that somebody waits for. */
  reserve(): boolean;
  release(): void;
}

const AHEAD_SHARE = 0.25;

/** @param limit the most renewals at once. */
export function createGate(limit: number): Gate {
  let inside = 0;
  let ahead = 0;
  const waiting = new Set<() => void>();
  return {
    async pass(work, onWait) {
      if (inside >= limit) {
        await new Promise<void>((resolve) => {
          waiting.add(resolve);
          onWait(() => {
            if (!waiting.delete(resolve)) return;
            inside += 1;
            resolve();
          });
        });
      } else inside += 1;
      try {
        return await work();
      } finally {
        const [next] = inside <= limit ? waiting : [];
        if (next === undefined) inside -= 1;
        else {
          waiting.delete(next);
          next(); // hands its place on
        }
      }
    },
    reserve() {
      if (ahead >= limit * AHEAD_SHARE) return false;
      ahead += 1;
      return true;
    },
    release() {
      ahead -= 1;
    },
  };
}
