/** Where texts come from: handed in, so that nothing here knows a disk or a network. */

/** Reads what a document is put together from. Paths are relative to the project with `/`; a URL stands for itself. */
export interface Sources {
  /**
   * The text of a file that the user has named: the document itself, or an overlay.
   *
   * @throws {SourceError} when there is none, or it is no text.
   */
  open(path: string): Promise<string>;
  /**
   * The text of a file or URL that a reference leads to, if references may lead there.
   *
   * @throws {SourceError} when there is none, it is no text, or it is out of bounds.
   */
  follow(path: string): Promise<string>;
  /**
   * Does what takes as long as a text makes it, such as the regular expressions of an overlay. Default: however long it takes.
   *
   * @throws {SourceError} when it took too long.
   */
  bounded?<T>(work: () => T): T;
}

/** Why a text cannot be had, in one sentence without a full stop, and the next step where there is one. */
export class SourceError extends Error {
  override readonly name = "SourceError";
  readonly hint: string | undefined;
  /** Whether it may be there another time: the file is missing now. */
  readonly isMissing: boolean;

  constructor(message: string, { hint, isMissing = false }: { readonly hint?: string; readonly isMissing?: boolean } = {}) {
    super(message);
    this.hint = hint;
    this.isMissing = isMissing;
  }
}
