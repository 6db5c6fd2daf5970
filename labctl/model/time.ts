// Time as labctl counts it: microseconds, because all hosts of a lab share one kernel clock and strace prints no finer.

/** Whole microseconds since the Unix epoch. Fits a double exactly until the year 2255. */
export type Micros = number;

export const now = (): Micros => Math.round((performance.timeOrigin + performance.now()) * 1000);
