// Knows which known name a mistyped one was meant to be. Pure text, no files.

/** Edit distance in which a transposition of neighbours costs one (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** Long garbage is nobody's typo; measuring it would only cost time. */
const longestTypo = 80;

function closeness(typed: string, candidate: string): number {
  const a = typed.toLowerCase();
  const b = candidate.toLowerCase();
  if (a.length >= 3 && (b.startsWith(a) || a.startsWith(b))) return 0.5;
  return editDistance(a, b);
}

/**
 * The known names nearest to `typed`, nearest first, at most `most`; empty when none is near enough to be meant
 * (about one slip in three letters).
 */
export function nearest(typed: string, known: Iterable<string>, most = 3): string[] {
  if (typed.length > longestTypo) return [];
  const allowed = Math.max(1, Math.floor(typed.length / 3));
  return [...new Set(known)]
    .map((candidate) => ({ candidate, distance: closeness(typed, candidate) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate))
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** `: did you mean "start"?`, or nothing. To be put behind what was wrong. */
export function didYouMean(typed: string, known: Iterable<string>): string {
  const [best] = nearest(typed, known, 1);
  return best === undefined ? '' : `: did you mean "${best}"?`;
}

/** What to answer to the name of a scenario that does not exist: the nearest, else all there are. */
export function scenarioHint(typed: string, known: readonly string[]): string {
  const near = nearest(typed, known);
  if (near.length > 0) return `did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`;
  return known.length === 0 ? 'there are no scenarios here' : `scenarios: ${known.join(', ')}`;
}
