/** Names that somebody may have meant, for whoever has to say that there is no such name. Pure. */

/** "did you mean …?" when a known name is near, else the names that there are; nothing when there are none or too many. */
export function suggest(name: string, known: Iterable<string>): string | undefined {
  const names = [...new Set(known)];
  const near = nearest(name, names);
  if (near !== undefined) return `did you mean "${near}"?`;
  if (names.length === 0 || names.length > 12) return undefined;
  return `there ${names.length === 1 ? "is" : "are"} ${names.map((one) => `"${one}"`).join(", ")}`;
}

/** The known name nearest to a name, when it takes few enough edits to be a slip; the first of equals. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  // Nobody slips in a name this long; and measuring it would take its time.
  if (name.length > 100) return undefined;
  let best: string | undefined;
  let least = Math.floor(name.length / 3) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const distance = edits(name.toLowerCase(), candidate.toLowerCase());
    if (distance >= least) continue;
    best = candidate;
    least = distance;
  }
  return best;
}

/** How many insertions, deletions, replacements and swaps of neighbours lead from one text to the other. */
export function edits(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      let least = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (isSwap) least = Math.min(least, beforeLast[column - 2]! + 1);
      current.push(least);
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length]!;
}
