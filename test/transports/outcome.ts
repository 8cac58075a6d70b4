/** What a caller saw of an answer or a failure, as plain data that can be compared. */

export type Outcome = Readonly<Record<string, unknown>>;

/** How a case reads its response. Default: its text. */
export type Read = (response: Response) => unknown;

export async function outcomeOf(sending: Promise<Response>, read: Read): Promise<Outcome> {
  let response: Response;
  try {
    response = await sending;
  } catch (error) {
    return { failed: described(error) };
  }
  const { status, statusText, ok, url, redirected, type, headers, body, bodyUsed } = whole(response);
  const head = {
    status,
    statusText,
    ok,
    path: url.replace(/^https?:\/\/[^/]*/, ""),
    redirected,
    type,
    headers,
    body,
    bodyUsed,
  };
  try {
    return { ...head, read: await read(response), bodyUsedAfter: response.bodyUsed };
  } catch (error) {
    return { ...head, readFailed: described(error), bodyUsedAfter: response.bodyUsed };
  }
}

function whole(response: Response) {
  const { status, statusText, ok, url, redirected, type, bodyUsed } = response;
  const headers = [...response.headers].filter(([name]) => name !== "date");
  // Asking for the body would make the light response a real one, and hide what the light one does.
  const body = response instanceof Response;
  return { status, statusText, ok, url, redirected, type, headers, body, bodyUsed };
}

/** An error by what code can tell it from another: its class, its code, and the same of what caused it. */
export function described(error: unknown): unknown {
  if (!(error instanceof Error)) return { thrown: error };
  const { name, message, cause } = error;
  const code = (error as { code?: unknown }).code;
  const isOfPlatform = error instanceof DOMException || ["fetch failed", "terminated"].includes(message);
  return {
    name,
    class: Object.prototype.toString.call(error),
    said: message,
    ...(isOfPlatform && { message }),
    ...(code !== undefined && { code }),
    ...(cause instanceof Error && { cause: causeOf(cause) }),
  };
}

function causeOf(cause: Error): unknown {
  const code = (cause as { code?: unknown }).code;
  return code === undefined ? { name: cause.name, message: cause.message } : { name: cause.name, code };
}
