/** Where the nodes of a text begin and end, in the order in which they are written: small enough to be kept. */

import { COLLECTION_STYLE, EVENT_ID, type Event, SCALAR_STYLE } from "js-yaml";

/** What a node is. A flow collection stands in brackets. */
export const NODE = {
  map: 1,
  list: 2,
  flowMap: 3,
  flowList: 4,
  plain: 5,
  single: 6,
  double: 7,
  block: 8,
  alias: 9,
  end: 10,
} as const;

/** One column for each property of the nodes. The end of a collection is a node of its own, without a place. */
export interface Outline {
  readonly kinds: Uint8Array;
  /** Offsets in the text, quotes included; -1 for an empty scalar, which is written nowhere. */
  readonly starts: Int32Array;
  /** Offsets in the text, the last character excluded; of a collection the same as its start. */
  readonly ends: Int32Array;
  /** The nodes that each anchor was given to, by its name. */
  readonly anchors: ReadonlyMap<string, readonly number[]>;
}

/** The outline of the first document among the events of a parser. */
export function outlineOf(events: readonly Event[], text: string): Outline {
  const kinds = new Uint8Array(events.length);
  const starts = new Int32Array(events.length);
  const ends = new Int32Array(events.length);
  const anchors = new Map<string, number[]>();
  // The first event opens the document.
  for (const [index, event] of events.slice(1).entries()) {
    kinds[index] = kindOf(event);
    const [start, end] = rangeOf(event);
    starts[index] = start;
    ends[index] = end;
    const anchor = anchorOf(event, text);
    if (anchor !== undefined)
      anchors
        .set(anchor, anchors.get(anchor) ?? [])
        .get(anchor)
        ?.push(index);
  }
  return { kinds, starts, ends, anchors };
}

/** The name that a node is given to be repeated by. */
export function anchorOf(event: Event, text: string): string | undefined {
  if (event.type === EVENT_ID.ALIAS || !("anchorStart" in event) || event.anchorStart < 0) return undefined;
  return text.slice(event.anchorStart, event.anchorEnd);
}

/** The offsets of an event in the text, quotes and `*` included. A block scalar begins after its header. */
export function rangeOf(event: Event): readonly [number, number] {
  switch (event.type) {
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return [event.start, event.start];
    case EVENT_ID.ALIAS:
      return [event.anchorStart - 1, event.anchorEnd];
    case EVENT_ID.SCALAR: {
      const isQuoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
      return isQuoted ? [event.valueStart - 1, event.valueEnd + 1] : [event.valueStart, event.valueEnd];
    }
    default:
      return [-1, -1];
  }
}

function kindOf(event: Event): number {
  switch (event.type) {
    case EVENT_ID.MAPPING:
      return event.style === COLLECTION_STYLE.FLOW ? NODE.flowMap : NODE.map;
    case EVENT_ID.SEQUENCE:
      return event.style === COLLECTION_STYLE.FLOW ? NODE.flowList : NODE.list;
    case EVENT_ID.ALIAS:
      return NODE.alias;
    case EVENT_ID.SCALAR:
      return SCALARS[event.style];
    default:
      return NODE.end;
  }
}

const SCALARS = {
  [SCALAR_STYLE.PLAIN]: NODE.plain,
  [SCALAR_STYLE.SINGLE_QUOTED]: NODE.single,
  [SCALAR_STYLE.DOUBLE_QUOTED]: NODE.double,
  [SCALAR_STYLE.LITERAL_BLOCK]: NODE.block,
  [SCALAR_STYLE.FOLDED_BLOCK]: NODE.block,
};
