/** How far a text may go: further than any API description, and not as far as a hostile one would like to. */

/** Levels of nesting, with aliases followed. Whoever walks a document may recurse: Node's stack is many times deeper. */
export const MAX_DEPTH = 200;

export const TOO_DEEP = `the document is nested more than ${MAX_DEPTH} levels deep`;

/** The length of one text, in UTF-16 code units; a text of a disk or a network is held to as many bytes. */
export const MAX_LENGTH = 64 * 2 ** 20;

/** How many values aliases may stand for, all together; and how many an overlay may bring beyond those that it holds itself. */
export const MAX_ALIASED = 1_000_000;

/** How many problems of one text are told; the last one says how many there are beside them. */
export const MAX_PROBLEMS = 100;

/** Up to this length a text that is malformed is read once more for all of its errors; of a longer one the first is told. */
export const MAX_EXPLAINED = 2 ** 20;

/** How much of a malformed text is read after its first error, in UTF-16 code units. */
export const MAX_AFTER_FIRST = 2 ** 15;

/** How many files one document may be put together from. */
export const MAX_FILES = 2_000;

/** How many values references may bring in that take the place of the reference, all together. */
export const MAX_BROUGHT = 5_000_000;

/** How much of a text is read again to tolerate what the standard forbids, in UTF-16 code units: the first reading excluded. */
export const MAX_REREAD = 2 ** 25;
