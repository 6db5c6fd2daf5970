// Reads the kernel counters that `nstat -aszj` prints.

import { LabError } from '../model/lab-error.ts';
import type { Counters } from '../model/look.ts';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Counter name → value since the host began. Throws LabError for anything but nstat's JSON. */
export function parseCounters(text: string): Counters {
  const whole = parseJson(text);
  const kernel = isRecord(whole) ? whole['kernel'] : undefined;
  if (!isRecord(kernel)) {
    const hint = 'Expected the JSON of `nstat -aszj`, one object named "kernel".';
    throw new LabError('usage', `not the output of nstat: ${JSON.stringify(text.slice(0, 80))}`, { hint });
  }
  return Object.fromEntries(
    Object.entries(kernel).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}
