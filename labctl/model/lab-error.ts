// What labctl says when something is wrong: what happened, where, what to try, and which exit code it deserves.

/** A place in a text file, counted from 1 as editors do. */
export interface Place {
  file: string;
  line: number;
  col: number;
}

/** `file:line:col`, the form that editors and terminals make clickable. */
export const placeText = (place: Place): string => `${place.file}:${place.line}:${place.col}`;

/** The documented exit codes; every way out of labctl is one of these (or 128 + signal). */
export const exitCodes = {
  met: 0,
  unmet: 1,
  usage: 2,
  engine: 3,
  notObservable: 4,
  /** `exec` and `shell` only: labctl itself failed, as `docker exec` says it. */
  execFailed: 125,
} as const;

export type ErrorKind = 'usage' | 'engine' | 'not-observable';

const exitCodeOf: Record<ErrorKind, number> = {
  usage: exitCodes.usage,
  engine: exitCodes.engine,
  'not-observable': exitCodes.notObservable,
};

export interface LabErrorOptions {
  /** `file:line:col`, a host, a step: where to look. */
  where?: Place | string;
  /** One thing to do next. */
  hint?: string;
  cause?: unknown;
}

/** An error whose text is meant for the user. Anything else that is thrown is a bug and shows its stack. */
export class LabError extends Error {
  readonly kind: ErrorKind;
  readonly where: Place | string | undefined;
  readonly hint: string | undefined;

  constructor(kind: ErrorKind, message: string, options: LabErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'LabError';
    this.kind = kind;
    this.where = options.where;
    this.hint = options.hint;
  }

  get exitCode(): number {
    return exitCodeOf[this.kind];
  }
}

/** Several complaints about one input, reported together so that a user mends them in one go. */
export class LabErrors extends LabError {
  readonly errors: readonly LabError[];

  constructor(errors: readonly [LabError, ...LabError[]]) {
    super(errors[0].kind, errors.map((error) => error.message).join('\n'));
    this.errors = errors;
  }
}
