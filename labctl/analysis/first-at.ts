// Binary search: the first place of a sorted list from which on something holds.

/** The first index whose element passes the test, the list's length if none does; once passed, all later ones must. */
export function firstAt<T>(list: readonly T[], passes: (element: T) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(list[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
