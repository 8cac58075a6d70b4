/** What could be read of a body. */
export interface ReadText {
  readonly text: string;
  /** Whether it was read to its end: neither cut off nor longer than the limit. */
  readonly complete: boolean;
}

/**
 * Reads a body as text, at most so many bytes of it, and lets go of the rest. A connection that breaks off gives what came:
 * a token in it may be the only copy.
 */
export async function readText(response: Response, limitBytes: number): Promise<ReadText> {
  if (response.body === null) return { text: "", complete: true };
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { text: text + decoder.decode(), complete: true };
      bytes += value.byteLength;
      text += decoder.decode(value, { stream: true });
      if (bytes >= limitBytes) break;
    }
  } catch {
    return { text, complete: false };
  }
  // Not awaited: of a cloned body this settles only when the other branch is let go too.
  reader.cancel().catch(() => {});
  return { text, complete: false };
}

/** Lets go of a body that nobody will read; one that broke off is gone already. */
export async function letGo({ body }: Response): Promise<void> {
  await body?.cancel().catch(() => {});
}
