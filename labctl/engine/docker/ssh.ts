// Brings the engine's socket of another machine here by ssh(1): one tunnel for as long as this labctl lives.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../../model/lab-error.ts';
import { owner, ownerLives } from '../identity.ts';
import { type Connection, connectionText } from './connection.ts';

type Remote = Extract<Connection, { kind: 'ssh' }>;
export type Reachable = Exclude<Connection, Remote>;

const tunnels = new Map<string, Promise<Reachable>>();

/** The connection itself, or the end of the tunnel to it. Throws LabError `engine` with ssh's own words when there is none. */
export function reach(connection: Connection): Promise<Reachable> {
  if (connection.kind !== 'ssh') return Promise.resolve(connection);
  const name = `${connectionText(connection)}${connection.socketPath}`;
  const tunnel = tunnels.get(name) ?? dig(connection);
  tunnels.set(name, tunnel);
  return tunnel;
}

/**
 * What runs over there waits for the end of its input, which is the end of this process however it comes about, and says
 * when it began: ssh has made the tunnel then. It never asks for a password: there may be no terminal.
 */
function command({ host, user, port, socketPath }: Remote, local: string): string[] {
  const options = ['BatchMode=yes', 'ConnectTimeout=10', 'ExitOnForwardFailure=yes', 'StreamLocalBindUnlink=yes'];
  return [
    ...options.flatMap((option) => ['-o', option]),
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...['-T', '-L', `${local}:${socketPath}`, '--', host, 'echo ready; exec cat >/dev/null'],
  ];
}

/** Removes the folders of labctl that were killed. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, whose] = /^labctl-ssh-(\d+-\d+)-\w+$/.exec(name) ?? [];
    if (whose === undefined || ownerLives(whose)) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Somebody else's, in a /tmp that all share.
    }
  }
}

async function dig(connection: Remote): Promise<Reachable> {
  sweep();
  const folder = mkdtempSync(join(tmpdir(), `labctl-ssh-${owner()}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const socketPath = join(folder, 'docker.sock');
  const child = spawn('ssh', command(connection, socketPath), { stdio: ['pipe', 'pipe', 'pipe'] });
  await ready(child, connection).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  // The socket appears with the tunnel; its file may come a moment later than the word.
  for (let wait = 0; !existsSync(socketPath) && wait < 100; wait += 1) await delay(10);
  for (const stream of [child.stdin, child.stdout, child.stderr] as unknown as Socket[]) stream.unref();
  child.unref();
  return { kind: 'unix', socketPath };
}

function ready(child: ChildProcessByStdio<Writable, Readable, Readable>, connection: Remote): Promise<void> {
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown) =>
      reject(
        new LabError('engine', `no Docker Engine answers at ${connectionText(connection)}: ${why}`, {
          hint: `try it by hand: ssh ${connection.host} docker version`,
          cause,
        }),
      );
    child.stdout.once('data', () => resolve());
    child.once('error', (error) => fail(error.message, error));
    child.once('close', (code) => fail(said.trim().split('\n').at(-1) || `ssh ended with ${code}`));
  });
}
