// Questions to the keeper of a lab: connects to it by the lab's folder, sends one, reads the answer.

import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';
import { stoppedKeeper } from './keeper-identity.ts';
import type { Places } from './places.ts';
import { sandboxHint } from './tools.ts';

export const labFolder = ({ runtime }: Places, lab: string): string => join(runtime, lab);

/** A connection to the keeper; undefined when there is none to connect to. */
export function connectKeeper(folder: string): Promise<Socket | undefined> {
  if (!existsSync(join(folder, 'socket'))) return Promise.resolve(undefined);
  // By the folder's descriptor: a socket's path has 107 bytes at most (unix(7)), a folder's name may be longer.
  const place = openFolder(folder);
  if (place === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = connect({ path: `/proc/self/fd/${place}/socket`, allowHalfOpen: true });
    closeSync(place); // A local socket is connected, or refused, by then; only the news of it comes later.
    socket.once('connect', () => resolve(socket));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      // So many wait to be heard that there is no room for one more.
      if (code === 'EAGAIN') setTimeout(() => resolve(connectKeeper(folder)), 5);
      else resolve(undefined);
    });
  });
}

function openFolder(folder: string): number | undefined {
  try {
    return openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch {
    return undefined;
  }
}

/** How often, in milliseconds, whoever waits for an answer looks whether one can come. */
const lookEvery = 250;

/**
 * One question and its answer; undefined when no keeper is there. Throws LabError with the keeper's words, or when it was
 * stopped and so cannot answer.
 */
export async function ask<Answer>(folder: string, request: object): Promise<Answer | undefined> {
  const socket = await connectKeeper(folder);
  if (socket === undefined) return undefined;
  socket.write(`${JSON.stringify(request)}\n`);
  const parts: Buffer[] = [];
  const look = setInterval(() => {
    const stopped = stoppedKeeper(folder);
    if (stopped !== undefined) socket.destroy(isStopped(stopped));
  }, lookEvery);
  try {
    for await (const bytes of socket) parts.push(bytes as Buffer);
  } catch (error) {
    if (error instanceof LabError) throw error;
    return undefined;
  } finally {
    clearInterval(look);
  }
  if (parts.length === 0) return undefined;
  const answer = JSON.parse(Buffer.concat(parts).toString()) as Answer & { failure?: string };
  if (answer.failure === undefined) return answer;
  throw inWords(answer.failure);
}

const isStopped = (pid: number): LabError =>
  new LabError('engine', 'the keeper of the lab was stopped by a signal', {
    where: `pid ${pid}`,
    hint: `let it go on with \`kill -CONT ${pid}\`, or end the lab with \`labctl down\``,
  });

function inWords(failure: string): LabError {
  const [, host, words] = /^(host [\w-]+): (.*)$/s.exec(failure) ?? [];
  const hint = sandboxHint(failure);
  return host === undefined
    ? new LabError('engine', failure, { hint })
    : new LabError('engine', words ?? '', { where: host, hint });
}
