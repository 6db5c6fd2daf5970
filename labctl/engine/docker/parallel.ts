// Runs work in parallel without losing any of it: when this returns or throws, nothing is still under way.

/**
 * Calls `work` for every value, at most `limit` at a time, and gives the results in order.
 * After a failure or an abort nothing new is begun, what runs is awaited, and the first error is thrown.
 */
export async function inParallel<Value, Result>(
  limit: number,
  values: readonly Value[],
  work: (value: Value) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  const queue = values.entries();
  const worker = async () => {
    for (const [index, value] of queue) {
      if (failures.length > 0) return;
      try {
        signal?.throwIfAborted();
        results[index] = await work(value);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, values.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
