/** A signal of the caller's, followed by one request: until its answer has been read, or nobody has that answer any more. */

import { listen, unlisten } from "./signals.js";

/** Gives a request a signal of its own, which ends as the caller's does, for the same reason. */
export class Follower {
  readonly #controller = new AbortController();
  readonly #followed: AbortSignal;

  constructor(followed: AbortSignal) {
    this.#followed = followed;
    listen(followed, this);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  onAbort(reason: unknown): void {
    this.end();
    this.#controller.abort(reason);
  }

  end(): void {
    unlisten(this.#followed, this);
  }

  /** Ends with that answer: read whole, cancelled, or collected with whatever was made of it. */
  until(response: Response): Response {
    if (!followers.has(response) && Object.isExtensible(response)) Object.setPrototypeOf(response, hearing(response));
    followers.set(response, this);
    forgotten.register(response, this, this);
    return response;
  }
}

const followers = new WeakMap<Response, Follower>();
const forgotten = new FinalizationRegistry<Follower>((follower) => follower.end());
/** What reads from an answer keeps it, so that a stream goes on following when its response has been forgotten. */
const sources = new WeakMap<object, Response>();
/** By the prototype that the platform, or a `fetch` of the caller's, has given an answer. */
const prototypes = new WeakMap<object, object>();

function over(response: Response): void {
  const follower = followers.get(response);
  if (follower === undefined) return;
  follower.end();
  forgotten.unregister(follower);
}

const READERS = ["text", "json", "arrayBuffer", "blob", "bytes", "formData"] as const;

/** The prototype of an answer, with members that hear the end over it: the object itself stays what it is. */
function hearing(response: Response): object {
  const plain: Response = Object.getPrototypeOf(response);
  let prototype = prototypes.get(plain);
  if (prototype === undefined) {
    prototype = typeof plain.clone === "function" ? prototypeOver(plain) : plain;
    prototypes.set(plain, prototype);
  }
  return prototype;
}

function prototypeOver(plain: Response): object {
  const members: PropertyDescriptorMap = {
    body: {
      get(this: Response) {
        const body: ReadableStream | null | undefined = Reflect.get(plain, "body", this);
        if (body && !sources.has(body)) {
          sources.set(body, this);
          const { cancel } = body;
          const value = async (reason?: unknown) => {
            await cancel.call(body, reason);
            over(this);
          };
          Object.defineProperty(body, "cancel", { value, configurable: true, writable: true });
        }
        return body;
      },
    },
    clone: {
      value(this: Response) {
        const clone = plain.clone.call(this);
        sources.set(clone, this);
        return clone;
      },
    },
  };
  for (const name of READERS) {
    const read: (() => Promise<unknown>) | undefined = plain[name];
    if (read === undefined) continue;
    members[name] = {
      async value(this: Response) {
        const value = await read.call(this);
        over(this);
        return value;
      },
    };
  }
  return Object.create(plain, members);
}
