/** A part of a body of several parts, where its value alone does not say all that goes with it. */

/** What goes with a part. */
export interface PartOptions {
  /** Default: that of a `File`; `blob` of other bytes; none of anything else. */
  readonly fileName?: string;
  /** Its media type. Default: the document's, or what fits the value. */
  readonly contentType?: string;
  /** Headers of its own, over those that the document has. */
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
}

/**
 * A value with what goes with it: a name for bytes that have none, another media type, headers.
 *
 * @example
 * await client.upload({ body: { picture: new Part(bytes, { fileName: "blue.png", contentType: "image/png" }) } });
 */
export class Part<Content = unknown> {
  readonly content: Content;
  readonly options: PartOptions;

  constructor(content: Content, options: PartOptions = {}) {
    this.content = content;
    this.options = options;
  }
}
