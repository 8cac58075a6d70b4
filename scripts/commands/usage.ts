/** A command line that cannot be understood: the caller's mistake, told without a stack and with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** Each in a sentence without a full stop. */
  readonly problems: readonly string[];

  constructor(...problems: readonly string[]) {
    super(problems.join("; "));
    this.problems = problems;
  }
}
