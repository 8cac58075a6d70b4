/** Answers that come in items: JSON lines, JSON text sequences and server-sent events, as async iterables. */

import type { AnswerKind, EventTexts } from "../lifecycle/contract.js";

/**
 * One event of a stream, with the fields that it has.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export interface ServerSentEvent<Data = string> {
  /** Its type; left out where the service names none, which means `message`. */
  readonly event?: string;
  readonly data: Data;
  readonly id?: string;
  /** After how long to come back, in milliseconds. */
  readonly retry?: number;
}

/** Far longer than any item, and far shorter than what a service could fill a memory with. In characters. */
const LONGEST_ITEM = 16 * 1024 * 1024;

/** Takes the items out of pieces of text; without a piece the text has come to its end. */
type Splitter = (piece: string | undefined) => void;

/**
 * The items of a body, each as soon as it is whole. Whoever stops early lets go of the connection.
 *
 * @throws {SyntaxError} when an item is not JSON, or has no end; it says which, and never what stands in it.
 */
export function itemsOf(
  body: ReadableStream<Uint8Array>,
  kind: AnswerKind,
  operationId: string,
  texts: EventTexts = {},
): AsyncIterableIterator<unknown> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const ready: unknown[] = [];
  const split = splitterOf(kind, operationId, texts, (item) => (item === END ? letGo() : ready.push(item)));
  let failure: { readonly error: unknown } | undefined;
  let isOver = false;
  const letGo = () => {
    isOver = true;
    return reader.cancel().catch(() => {}); // a body that has failed has nothing to let go of
  };
  const read = async () => {
    const { done, value } = await reader.read();
    if (isOver) return; // `return` was called meanwhile
    split(done ? decoder.decode() : decoder.decode(value, { stream: true }));
    if (!done) return;
    isOver = true;
    split(undefined);
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      while (ready.length === 0 && !isOver) {
        await read().catch((error: unknown) => {
          failure = { error };
          return letGo();
        });
      }
      if (ready.length > 0) return { done: false, value: ready.shift() };
      const failed = failure;
      failure = undefined;
      if (failed !== undefined) throw failed.error;
      return { done: true, value: undefined };
    },
    async return() {
      ready.length = 0;
      failure = undefined;
      await letGo();
      return { done: true, value: undefined };
    },
  };
}

/** Handed on in place of an item where a stream says that it is over. */
const END = Symbol("end");
/** What services send at the end of a stream of JSON, which no JSON is. */
const DONE = "[DONE]";

function splitterOf(kind: AnswerKind, operationId: string, texts: EventTexts, emit: (item: unknown) => void): Splitter {
  let count = 0;
  const refuse = (problem: string): never => {
    throw new SyntaxError(`${operationId}: item ${count} of the stream ${problem}`);
  };
  const json = (text: string): unknown => {
    count += 1;
    try {
      return JSON.parse(text);
    } catch {
      return refuse("is not JSON");
    }
  };
  const bounded = (length: number) => {
    if (length <= LONGEST_ITEM) return;
    count += 1;
    refuse(`is longer than ${LONGEST_ITEM} characters`);
  };
  if (kind === "lines" || kind === "sequence") {
    return splitter(kind === "lines" ? "\n" : "\u001E", bounded, (text) => {
      if (text.trim() !== "") emit(json(text));
    });
  }
  if (!kind.startsWith("json")) return eventSplitter(bounded, emit);
  let isDone = false;
  return eventSplitter(bounded, (event) => {
    const { event: type = "message", data } = event;
    if (isDone) return;
    if (texts.events?.includes(type) === true || texts.data?.includes(data) === true) emit(event);
    else if (data === DONE) {
      isDone = true;
      emit(END);
    } else if (data !== "") emit({ ...event, data: json(data) }); // without data it only keeps the connection open
  });
}

function splitter(separator: string, bounded: (length: number) => void, read: (text: string) => void): Splitter {
  let rest = "";
  return (piece) => {
    if (piece === undefined) return read(rest);
    const parts = piece.split(separator);
    parts[0] = rest + parts[0];
    rest = parts.pop() ?? "";
    for (const part of parts) read(part);
    bounded(rest.length);
  };
}

/** The standard's own steps, but that a field which an event does not have is left out of it. An event without an end is none. */
function eventSplitter(bounded: (length: number) => void, emit: (event: ServerSentEvent) => void): Splitter {
  let data: string[] = [];
  let length = 0;
  let facts: { event?: string; id?: string; retry?: number } = {};
  const dispatch = () => {
    if (facts.event === "") delete facts.event;
    if (data.length > 0) emit({ ...facts, data: data.join("\n") });
    data = [];
    length = 0;
    facts = {};
  };
  const line = (text: string) => {
    if (text === "") return dispatch();
    const colon = text.indexOf(":");
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(text[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "data") {
      length += text.length + 1; // the whole line: one without data takes memory as well
      bounded(length);
      data.push(value);
    } else if (field === "event") facts.event = value;
    else if (field === "id" && !value.includes("\0")) facts.id = value;
    else if (field === "retry" && /^\d+$/.test(value)) facts.retry = Number(value);
  };
  const lines = splitter("\n", bounded, line);
  let endedInReturn = false;
  return (piece) => {
    if (piece === undefined || piece === "") return;
    // A line ends with CR, LF or both, and a piece may end between the two.
    const text = endedInReturn && piece.startsWith("\n") ? piece.slice(1) : piece;
    endedInReturn = piece.endsWith("\r");
    lines(text.replace(/\r\n?/g, "\n"));
  };
}
