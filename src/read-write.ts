/**
 * Members that only requests or only answers have, as generated types mark them: `readOnly` and `writeOnly` of OpenAPI. The
 * methods of a client know them already; these types are for values of the types in `components` that code of your own holds.
 */

interface Read {
  readonly $read: unknown;
}

interface Write {
  readonly $write: unknown;
}

/** A type as answers have it: without the members that only requests have. */
export type Readable<T> = T extends { readonly $read: infer Value }
  ? Readable<Value>
  : T extends readonly unknown[]
    ? { [Index in keyof T]: Readable<T[Index]> }
    : T extends object
      ? { [Name in keyof T as Marked<T[Name], Write> extends true ? never : Name]: Readable<T[Name]> }
      : T;

/** A type as requests have it: without the members that only answers have. */
export type Writable<T> = T extends { readonly $write: infer Value }
  ? Writable<Value>
  : T extends readonly unknown[]
    ? { [Index in keyof T]: Writable<T[Index]> }
    : T extends object
      ? { [Name in keyof T as Marked<T[Name], Read> extends true ? never : Name]: Writable<T[Name]> }
      : T;

/** `never` is within every type, and none of these. */
type Marked<T, Mark> = [NonNullable<T>] extends [never] ? false : NonNullable<T> extends Mark ? true : false;
