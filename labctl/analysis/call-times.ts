// How far strace's stamps of a call can be trusted.

import type { Call } from '../model/call.ts';
import type { Micros } from '../model/time.ts';

/**
 * strace prints the time of entry, decodes the arguments, and only then begins to measure (`-T`): on a busy machine a
 * call returns up to so many microseconds after entry plus measure.
 */
export const returnSlack = 5000;

/** The latest moment at which the call can have returned; never for one that had not when the recording ended. */
export const latestReturn = ({ at, took }: Call): Micros => (took === undefined ? Infinity : at + took + returnSlack);
