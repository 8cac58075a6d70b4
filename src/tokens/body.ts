/**
 * A body as its media type is written on the wire: JSON, a form, several parts, or as it is.
 *
 * What is no longer data (text, bytes, a form that was made by hand, a stream) is sent as it is.
 */
export function serializeBody(body: unknown, contentType: string): BodyInit {
  if (isBodyInit(body)) return body;
  if (contentType === "application/x-www-form-urlencoded")
    return new URLSearchParams(pairs(body).map(([name, value]) => [name, text(value)]));
  if (contentType === "multipart/form-data") {
    const form = new FormData();
    for (const [name, value] of pairs(body)) form.append(name, value instanceof Blob ? value : text(value));
    return form;
  }
  return typeof body === "string" && !/[/+]json\b/.test(contentType) ? body : JSON.stringify(body);
}

/** Whether a body can be read more than once. */
export function isReplayable(body: unknown): boolean {
  return typeof body !== "object" || body === null || !(Symbol.asyncIterator in body || body instanceof ReadableStream);
}

function isBodyInit(body: unknown): body is Exclude<BodyInit, string> {
  return (
    body instanceof FormData ||
    body instanceof URLSearchParams ||
    body instanceof Blob ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body) ||
    !isReplayable(body)
  );
}

/** The members of a form; a list is repeated, what has no value is left out. */
function pairs(body: unknown): [string, unknown][] {
  return Object.entries(body as Record<string, unknown>).flatMap(([name, value]): [string, unknown][] => {
    if (value === undefined || value === null) return [];
    return Array.isArray(value) ? value.map((item: unknown): [string, unknown] => [name, item]) : [[name, value]];
  });
}

function text(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
