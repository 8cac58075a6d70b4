/** Bounds how many renewals a family has under way at once, so that thousands of tokens that end together do not ask together. */
export interface Gate {
  /** Runs a renewal that somebody waits for: at once, or in turn. */
  pass<T>(work: () => Promise<T>): Promise<T>;
  /** Whether a renewal ahead of time may begin now: those that somebody waits for come first. */
  readonly isQuiet: boolean;
}

/** Renewals ahead of time leave most of the room to those that somebody waits for. */
const AHEAD_SHARE = 0.25;

/** @param limit the most renewals at once. */
export function createGate(limit: number): Gate {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return {
    get isQuiet() {
      return inside < limit * AHEAD_SHARE;
    },
    async pass(work) {
      if (inside >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
      else inside += 1;
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) inside -= 1;
        else next(); // hands its place on
      }
    },
  };
}
