/** The name that is the fewest letters away; undefined where none is near. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const distances = names.map((other) => ({ other, away: distance(name, other) }));
  const [best] = distances.toSorted((a, b) => a.away - b.away);
  return best !== undefined && best.away <= name.length / 3 ? best.other : undefined;
}

/** Letters to insert, to leave out and to replace (Levenshtein). */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const replaced = row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, replaced));
    }
    row = next;
  }
  return row.at(-1)!;
}
