// Waiting for a condition: looked at now and after each change, until a deadline or an abort.

/** Someone says when anything changed; whoever waits looks again. */
export class Changes {
  readonly #watchers = new Set<() => void>();

  notify(): void {
    for (const look of this.#watchers) look();
  }

  /** The first value that `test` gives, undefined after `ms`. Rejects with the signal's reason, or with what `test` throws. */
  until<T>(test: () => T | undefined, ms: number, signal?: AbortSignal): Promise<T | undefined> {
    return new Promise<T | undefined>((resolve, reject) => {
      const done = (settle: () => void) => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        signal?.removeEventListener('abort', aborted);
        settle();
      };
      const aborted = () => done(() => reject(signal?.reason));
      const look = () => {
        try {
          const value = test();
          if (value !== undefined) done(() => resolve(value));
        } catch (error) {
          done(() => reject(error));
        }
      };
      const timer = setTimeout(() => done(() => resolve(undefined)), ms);
      if (signal?.aborted) return aborted();
      signal?.addEventListener('abort', aborted, { once: true });
      this.#watchers.add(look);
      look();
    });
  }
}

/** The promise's value, or undefined when it takes longer than `ms`. */
export function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
