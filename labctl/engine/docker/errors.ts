// Turns what goes wrong between labctl and the engine into words: refusals by status, lost connections by errno.

import { LabError, type LabErrorOptions } from '../../model/lab-error.ts';
import { type Connection, connectionText } from './connection.ts';

/** The engine answered, and said no. `status` is the HTTP status, `message` the engine's own words. */
export class Refusal extends LabError {
  readonly status: number;

  constructor(status: number, message: string, options: LabErrorOptions = {}) {
    super('engine', message, options);
    this.status = status;
  }
}

export const isRefusal = (error: unknown, status: number): error is Refusal =>
  error instanceof Refusal && error.status === status;

const fullDisk = /no space left on device/i;

/** What the engine refused, in its own words, with a hint where one is known. */
export function refusal(status: number, body: string): Refusal {
  const message = messageIn(body) || `the engine answered with status ${status}`;
  if (!fullDisk.test(message)) return new Refusal(status, message);
  return new Refusal(status, `the engine's disk is full: ${message}`, {
    hint: 'make room, e.g. with `docker system prune`',
  });
}

function messageIn(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message?.trim() ?? '';
  } catch {
    return body.trim();
  }
}

/** The same refusal with the place where it happened in front: a host, a network, an image. */
export function at(where: string, error: unknown): unknown {
  if (!(error instanceof Refusal) || error.where !== undefined) return error;
  return new Refusal(error.status, error.message, { where, hint: error.hint, cause: error });
}

const noEngine = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ETIMEDOUT']);
const noPermission = new Set(['EACCES', 'EPERM']);

/** What a failed connection means to the person in front of it. */
export function connectionError(cause: NodeJS.ErrnoException, connection: Connection): LabError {
  const place = connectionText(connection);
  const code = cause.code ?? '';
  if (noEngine.has(code)) {
    return new LabError('engine', `no Docker Engine answers at ${place}`, { hint: '`labctl doctor --fix`', cause });
  }
  if (noPermission.has(code)) {
    return new LabError('engine', `no permission to use the Docker Engine at ${place}`, {
      hint: 'join the group that owns the socket (`sudo usermod -aG docker $USER`, then log in again), or use sudo',
      cause,
    });
  }
  return new LabError('engine', `the connection to the Docker Engine at ${place} was lost: ${cause.message}`, {
    hint: '`labctl doctor` says whether it still runs',
    cause,
  });
}
