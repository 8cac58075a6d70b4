/** A command line that cannot be understood: the caller's mistake, told without a stack and with exit code 2. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
  /** Each in a sentence without a full stop. */
  readonly problems: readonly string[];

  constructor(...problems: readonly string[]) {
    super(problems.join("; "));
    this.problems = problems;
  }
}

/** What a command cannot do for a reason that is not in its flags, so that its help would not help. Exit code 2 as well. */
export class Refusal extends UsageError {
  override readonly name = "Refusal";
}
