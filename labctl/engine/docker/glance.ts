// Looks whether a Docker Engine answers and whether a lab lives on it, by plain HTTP: to load dockerode takes ten times as
// long as the look itself (100 ms, 10 ms), and most often the lab is found, or not, without it.

import type { RequestOptions } from 'node:http';
import { isUsable } from './api-version.ts';
import { type Connection, findConnection } from './connection.ts';
import { readState } from './state.ts';

/** Whether the lab lives there; undefined when no engine answers that labctl could use. Never throws. */
export async function livesOnDocker(environment: NodeJS.ProcessEnv, lab: string): Promise<boolean | undefined> {
  try {
    const connection = findConnection(environment);
    return (await readState({ call: (_method, path, { query } = {}) => get(connection, path, query) }, lab)).ours;
  } catch {
    return undefined;
  }
}

async function get<Answer>(
  connection: Connection,
  path: string,
  query: Record<string, string | undefined> = {},
): Promise<Answer> {
  const { request } = 'tls' in connection && connection.tls ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const order = request({ ...targetOf(connection), path: withQuery(path, query) }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.once('error', reject).once('end', () => {
        const good = answer.statusCode === 200 && isUsable(String(answer.headers['api-version']));
        if (good) resolve(JSON.parse(text) as Answer);
        else reject(new Error(text));
      });
    });
    order.once('error', reject).end();
  });
}

function withQuery(path: string, query: Record<string, string | undefined>): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return `${path}?${new URLSearchParams(Object.fromEntries(given) as Record<string, string>).toString()}`;
}

function targetOf(connection: Connection): RequestOptions {
  // Without a server name Node looks whether `localhost` is an address: 11 ms to compile what an IPv6 address looks like.
  if (connection.kind === 'unix') return { socketPath: connection.socketPath, servername: '' } as RequestOptions;
  const { host, port, tls } = connection;
  return { host, port, ...tls };
}
