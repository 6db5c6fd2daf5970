// What a doctor says: one row per thing that labctl needs, and what happens while something is being mended.

/** `ok` needs nothing, `mended` was put right just now, `todo` waits for somebody. */
export type DoctorState = 'ok' | 'mended' | 'todo';

export interface DoctorRow {
  /** The thing looked at, e.g. `Docker Engine`. */
  what: string;
  state: DoctorState;
  /** What was found, one line. */
  detail: string;
  /** What to type or do next; present exactly when the state is `todo`. */
  todo?: string;
  /** A `todo` without which everything that was asked for still works. */
  optional?: boolean;
}

/** Progress of mending: phases may overlap; `ended` carries how long its phase took. */
export type SetupEvent =
  | { kind: 'phase-began'; phase: string }
  | { kind: 'line'; phase: string; line: string }
  | { kind: 'phase-ended'; phase: string; seconds: number; failed: boolean };
export type OnSetupEvent = (event: SetupEvent) => void;

/** True when nothing that was asked for is left to do. */
export const isHealthy = (rows: readonly DoctorRow[]): boolean =>
  rows.every((row) => row.state !== 'todo' || row.optional === true);
