// Typed arrays that grow by doubling: the tables of the TCP analysis have no other form.

/** An array of at least `length` that begins with what was in the old one. */
export function grownInts(old: Int32Array, length: number): Int32Array {
  if (length <= old.length) return old;
  const larger = new Int32Array(Math.max(2 * old.length, length));
  larger.set(old);
  return larger;
}
