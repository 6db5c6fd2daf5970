// Numbers of packets as a short text: `#1-3, #7`.

/** Neighbours become ranges; more than `most` ranges are left out with `…`. */
export function frameList(numbers: readonly number[], sign = '#', most = 6): string {
  const ranges: [number, number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && number <= last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  const texts = ranges.slice(0, most).map(([from, to]) => (from === to ? `${sign}${from}` : `${sign}${from}-${to}`));
  return [...texts, ...(ranges.length > most ? ['…'] : [])].join(', ');
}
