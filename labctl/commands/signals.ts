// Turns SIGINT, SIGTERM and SIGHUP into one AbortSignal and the exit code that shells expect (128 + number).

/** The signals that ask labctl to stop, with the exit code each one leaves. */
export const stopSignals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type StopSignal = keyof typeof stopSignals;

interface SignalSource {
  on(signal: StopSignal, listener: () => void): unknown;
  off(signal: StopSignal, listener: () => void): unknown;
  exit(code: number): never;
}

export interface Stop {
  signal: AbortSignal;
  exitCode(): number | undefined;
  /** Stops the work as a signal would, and leaves the exit code to it. */
  now(): void;
  done(): void;
}

/** The first signal aborts and lets clean-up happen; the second one of the same kind leaves at once. */
export function untilStopped(source: SignalSource, codes: Record<StopSignal, number>): Stop {
  const controller = new AbortController();
  let code: number | undefined;
  const listeners = (Object.keys(codes) as StopSignal[]).map((name) => {
    const listener = () => {
      if (controller.signal.aborted) source.exit(codes[name]);
      code = codes[name];
      controller.abort(name);
    };
    source.on(name, listener);
    return { name, listener };
  });
  return {
    signal: controller.signal,
    exitCode: () => code,
    now: () => controller.abort('nobody reads the output'),
    done: () => {
      for (const { name, listener } of listeners) source.off(name, listener);
    },
  };
}
