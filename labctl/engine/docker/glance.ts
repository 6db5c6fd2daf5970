// Looks whether a Docker Engine answers and whether a lab lives on it, by a bare socket: to load dockerode takes ten times
// as long as the look itself (100 ms, 10 ms), and most often the lab is found, or not, without it.

import { connect, type Socket } from 'node:net';
import type { RunningLab } from '../engine.ts';
import { isUsable } from './api-version.ts';
import { type Connection, findConnection } from './connection.ts';
import { readState, readStates, runningLab } from './state.ts';

/** Whether the lab lives there; undefined when no engine answers that labctl could use. Never throws. */
export async function livesOnDocker(environment: NodeJS.ProcessEnv, lab: string): Promise<boolean | undefined> {
  try {
    const connection = findConnection(environment);
    return (await readState({ call: (_method, path, { query } = {}) => get(connection, path, query) }, lab)).ours;
  } catch {
    return undefined;
  }
}

/** Every lab on the engine. Rejects when none answers before the signal. */
export async function labsOnDocker(environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<RunningLab[]> {
  const connection = findConnection(environment);
  const states = await readStates({ call: (_method, path, { query } = {}) => get(connection, path, query, signal) });
  return states.map(runningLab);
}

/** One question of HTTP/1.0 (RFC 1945), whose answer ends with the connection: `node:http` alone takes 4 ms to load. */
async function get<Answer>(
  connection: Connection,
  path: string,
  query: Record<string, string | undefined> = {},
  signal?: AbortSignal,
): Promise<Answer> {
  const socket = await open(connection);
  signal?.addEventListener('abort', () => socket.destroy(new Error('the engine takes too long')));
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  socket.write(`GET ${withQuery(path, query)} HTTP/1.0\r\nHost: docker\r\n\r\n`);
  await new Promise((resolve, reject) => socket.once('error', reject).once('end', resolve));
  return answerIn(text) as Answer;
}

async function open(place: Connection): Promise<Socket> {
  const connection = place.kind === 'ssh' ? await (await import('./ssh.ts')).reach(place) : place;
  if (connection.kind === 'unix') return connect({ path: connection.socketPath });
  const { host, port, tls } = connection;
  return tls ? (await import('node:tls')).connect({ host, port, ...tls }) : connect({ host, port });
}

/** What an answer says, in JSON. Throws where it is a refusal, or an engine's that labctl cannot use. */
export function answerIn(text: string): unknown {
  const [head = '', ...body] = text.split('\r\n\r\n');
  const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(head) ?? [];
  const [, version = ''] = /^api-version: *(\S+)/im.exec(head) ?? [];
  if (status !== '200' || !isUsable(version)) throw new Error(head);
  return JSON.parse(body.join('\r\n\r\n'));
}

function withQuery(path: string, query: Record<string, string | undefined>): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return `${path}?${new URLSearchParams(Object.fromEntries(given) as Record<string, string>).toString()}`;
}
