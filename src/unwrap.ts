/** For programs that would rather have an exception than look at `error`. */

/**
 * What `unwrap` throws where the service answered with an error. What the service said is there for those who ask, and in no message,
 * no log and no JSON: it may hold a secret.
 */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
  /** Of the response. */
  readonly status: number;
  readonly #error: unknown;
  readonly #response: Response;

  constructor(error: unknown, response: Response) {
    super(`the service answered with ${response.status}`);
    this.status = response.status;
    this.#error = error;
    this.#response = response;
  }

  /** What the service said, as the call's `error` has it. */
  get error(): unknown {
    return this.#error;
  }

  get response(): Response {
    return this.#response;
  }
}

/**
 * The data of a call.
 *
 * @example
 * const users = await unwrap(client.listUsers());
 *
 * @throws {AnswerError} when the service answered with an error; whatever else the call rejects with goes through.
 */
export async function unwrap<Result extends CallResult>(call: PromiseLike<Result>): Promise<DataOf<Result>> {
  const { data, error, response } = await call;
  if (!response.ok) throw new AnswerError(error, response);
  return data as DataOf<Result>;
}

interface CallResult {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

type DataOf<Result> = Result extends { readonly data: infer Data; readonly error?: never } ? Data : never;
