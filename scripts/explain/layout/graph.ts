/** What is laid out, and what comes of it: boxes and labelled links, in units of one pixel. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly id: string;
}

export interface Link {
  readonly from: string;
  readonly to: string;
  /** The room that its label takes; left out for a link without one. */
  readonly label?: Size;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** `x` and `y` are those of the centre. */
export interface PlacedBox extends Box, Point {}

/** A link is drawn as stretches: a curve from point to point that leaves and arrives upright, with the label in a gap. */
export interface PlacedLink {
  readonly from: string;
  readonly to: string;
  /** From its start to its end. Between two stretches there is the label. */
  readonly stretches: readonly (readonly Point[])[];
  /** The centre of the label. */
  readonly label?: Point;
  /** Whether it leaves and arrives at the right side of one box. */
  readonly isLoop: boolean;
}

export interface Layout extends Size {
  readonly boxes: readonly PlacedBox[];
  readonly links: readonly PlacedLink[];
}
