/** What an answer becomes: `data` or `error`, by its status, its media type and what its caller asked for. */

import type { Features } from "../features.js";
import type { AnswerKind, Operation } from "../lifecycle/contract.js";
import { isJson, mediaTypeOf } from "./parameters.js";

/** What a call resolves to. */
export interface Result {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

/** A response, and its text when somebody has read it already. */
export interface Answer {
  readonly response: Response;
  readonly text?: string;
}

/** A way to read an answer that its caller has chosen, or the document's own. */
export type ParseAs = "json" | "text" | "blob" | "arrayBuffer" | "stream";

/** Whether an answer is read as a whole text; then whoever judges it may do so first. */
export function readsText(parseAs: ParseAs | undefined, answers: Operation["answers"]): boolean {
  return parseAs === undefined ? answers === undefined : parseAs === "json" || parseAs === "text";
}

/**
 * Reads an answer as openapi-fetch does, but that `error` is never empty when the response is not ok, and that what the
 * document knows as text, bytes or a stream is read as that.
 *
 * @param streams takes the items out of an answer that comes in items.
 * @throws {SyntaxError} when a success is not the JSON that it is taken for; its text is not quoted.
 */
export async function readAnswer(
  { response, text }: Answer,
  operationId: string,
  method: string,
  parseAs: ParseAs | undefined,
  { answers, texts }: Pick<Operation, "answers" | "texts">,
  streams: Features["streams"],
): Promise<Result> {
  const { status, ok, headers } = response;
  if (!ok) return { error: errorOf(text ?? (await textOf(response))) || statusLine(response), response };
  if (status === 204 || method === "HEAD") return { data: undefined, response };
  const kind = parseAs ?? (answers === undefined ? "json" : kindOf(response, answers));
  if (parseAs !== undefined && isEmpty(headers)) return { data: undefined, response };
  switch (kind) {
    case "json":
      return { data: parseJson(text ?? (await response.text()), operationId), response };
    case "text":
      return { data: text ?? (await textOf(response)), response };
    case "blob":
      return { data: await response.blob(), response };
    case "arrayBuffer":
      return { data: await response.arrayBuffer(), response };
    case "stream":
      return { data: response.body, response };
    default:
      return { data: streams!(response.body ?? new Blob().stream(), kind, operationId, texts), response };
  }
}

/** How the document has an answer of that media type; where it has none of it, as the media type itself says. */
function kindOf({ headers }: Response, answers: NonNullable<Operation["answers"]>): AnswerKind {
  const stated = headers.get("content-type");
  const mediaType = mediaTypeOf(stated ?? "");
  const range = `${mediaType.split("/")[0]}/*`;
  const names = Object.keys(answers);
  const name = [mediaType, range, "*/*"].find((one) => names.includes(one)) ?? (isJson(mediaType) ? undefined : names[0]);
  if (name === undefined) return "json";
  // Any media type may be a text's; JSON is what it is all the same.
  return name.includes("*") && answers[name] === "text" && isJson(mediaType) ? "json" : answers[name]!;
}

/** openapi-fetch's own rule, for whoever says how an answer is to be read. */
function isEmpty(headers: Headers): boolean {
  return headers.get("content-length") === "0" && headers.get("transfer-encoding")?.includes("chunked") !== true;
}

/** A text by the charset that it comes with; `text()` takes all for UTF-8. */
async function textOf(response: Response): Promise<string> {
  const [, charset = "utf-8"] = /;\s*charset="?([^\s";]+)/i.exec(response.headers.get("content-type") ?? "") ?? [];
  if (/^(?:utf-?8|us-ascii)$/i.test(charset)) return response.text();
  const bytes = await response.arrayBuffer();
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes); // nobody knows that charset
  }
}

function parseJson(text: string, operationId: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // A parser's message quotes the body, which may hold a token.
    throw new SyntaxError(`${operationId} succeeded with a body that is not JSON; ask for it with parseAs`);
  }
}

function errorOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Stands for an error without a body: `error` is never empty when the response is not ok. */
export function statusLine({ status, statusText }: Response): string {
  return `${status} ${statusText}`.trimEnd();
}
