/** Reads a body as text, at most so many bytes of it, and lets go of the rest. */
export async function readText(response: Response, limitBytes: number): Promise<string> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    text += decoder.decode(value, { stream: true });
    if (bytes >= limitBytes) {
      // Not awaited: of a cloned body this settles only when the other branch is let go too.
      reader.cancel().catch(() => {});
      return text;
    }
  }
}
