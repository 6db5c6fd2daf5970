// What a doctor says: one row per thing that labctl needs. How a row is found out is each check's own business.

/** `ok` needs nothing, `mended` was put right just now, `untried` could not be looked at, `todo` waits for somebody. */
export type DoctorState = 'ok' | 'mended' | 'untried' | 'todo';

export interface DoctorRow {
  /** The thing looked at, e.g. `Docker Engine`. */
  what: string;
  state: DoctorState;
  /** What was found, in one line. */
  detail: string;
  /** What to type or do next; present exactly when the state is `todo`. */
  todo?: string;
  /** Everything that was asked for works without it. */
  optional?: true;
}

export const ok = (what: string, detail: string): DoctorRow => ({ what, state: 'ok', detail });

/** Neither good nor bad: the question could not be asked here. */
export const untried = (what: string, detail: string): DoctorRow => ({ what, state: 'untried', detail });

export const toDo = (what: string, detail: string, todo: string): DoctorRow => ({
  what,
  state: 'todo',
  detail,
  todo,
});

/** Something that can wait. */
export const later = (what: string, detail: string, todo: string): DoctorRow => canWait(toDo(what, detail, todo));

/** A row of something that is not needed for what was asked. */
export const canWait = (row: DoctorRow): DoctorRow => (row.state === 'todo' ? { ...row, optional: true } : row);

/** True when nothing that was asked for is left to do. */
export const isHealthy = (rows: readonly DoctorRow[]): boolean =>
  rows.every(({ state, optional }) => state !== 'todo' || optional === true);

/** The rows as they are now, those that were put right since `before` marked as mended. */
export function markMended(before: readonly DoctorRow[], now: readonly DoctorRow[]): DoctorRow[] {
  const sick = new Set(before.filter(({ state }) => state === 'todo').map(({ what }) => what));
  return now.map((row) => (row.state === 'ok' && sick.has(row.what) ? { ...row, state: 'mended' } : row));
}

/** Progress of mending: phases may overlap. */
export type SetupEvent =
  | { kind: 'phase-began'; phase: string }
  | { kind: 'line'; phase: string; line: string }
  | { kind: 'phase-ended'; phase: string; seconds: number; failed: boolean };
export type OnSetupEvent = (event: SetupEvent) => void;
