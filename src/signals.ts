/** Who hears of the end of a signal: one listener on it, however many requests run under it, and none when none does. */

/** What is to be ended. */
export interface Listener {
  onAbort(reason: unknown): void;
}

class Group {
  readonly members = new Set<Listener>();
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", this);
  }

  handleEvent(): void {
    for (const member of [...this.members]) member.onAbort(this.#signal.reason);
  }
}

const groups = new WeakMap<AbortSignal, Group>();

export function listen(signal: AbortSignal, listener: Listener): void {
  let group = groups.get(signal);
  if (group === undefined) {
    group = new Group(signal);
    groups.set(signal, group);
  }
  group.members.add(listener);
}

export function unlisten(signal: AbortSignal, listener: Listener): void {
  const group = groups.get(signal);
  if (group === undefined || !group.members.delete(listener) || group.members.size > 0) return;
  groups.delete(signal);
  signal.removeEventListener("abort", group);
}
