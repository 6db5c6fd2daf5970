// Speaks HTTP with the engine: JSON calls, streamed bodies, and connections that are taken over (hijacked) for exec.
// Node's own client does all of it: it starts 0.15 s sooner than dockerode, and a signal also ends what was taken over.

import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { pipeline, type Readable } from 'node:stream';
import { LabError } from '../../model/lab-error.ts';
import type { Connection } from './connection.ts';
import { connectionError, refusal } from './errors.ts';

export interface CallOptions {
  query?: Record<string, string | undefined>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it comes, e.g. a tar archive. */
  stream?: Readable;
  signal?: AbortSignal | undefined;
}

export interface Api {
  /** The negotiated API version, e.g. `1.41`. */
  readonly version: string;
  /** A JSON call; the answer, or undefined where there is none. Throws Refusal for a status of 400 or more. */
  call<Answer = undefined>(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** A call whose answer is read as a stream. */
  open(method: string, path: string, options?: CallOptions): Promise<IncomingMessage>;
  /** A POST that turns the connection into a two-way stream. */
  takeOver(path: string, options?: CallOptions): Promise<Socket>;
}

/** 20.10, what Debian 12 has. */
const oldestApi = 41;
/** Calls are made in the form of this version at most, so that a later engine cannot change their meaning. */
const newestApi = 47;

/** Connects, and settles on an API version that both sides speak. */
export async function connect(connection: Connection): Promise<Api> {
  const agent = makeAgent(connection);
  const ping = await send({ connection, agent, prefix: '' }, 'GET', '/_ping', {});
  ping.resume();
  const version = negotiate(String(ping.headers['api-version'] ?? ''));
  return api({ connection, agent, prefix: `/v${version}` }, version);
}

function negotiate(offered: string): string {
  const minor = Number(/^1\.(\d+)$/.exec(offered)?.[1] ?? 0);
  if (minor >= oldestApi) return `1.${Math.min(minor, newestApi)}`;
  throw new LabError('engine', `the Docker Engine is too old: its API is ${offered || 'unknown'}, labctl needs 1.41`, {
    hint: 'install Docker Engine 20.10 or later (Debian: `apt-get install docker.io`)',
  });
}

interface Route {
  connection: Connection;
  agent: http.Agent;
  prefix: string;
}

const makeAgent = (connection: Connection): http.Agent =>
  connection.kind === 'tcp' && connection.tls
    ? new https.Agent({ keepAlive: true, ...connection.tls })
    : new http.Agent({ keepAlive: true });

function api(route: Route, version: string): Api {
  return {
    version,
    async call<Answer>(method: string, path: string, options: CallOptions = {}) {
      const text = await textOf(await send(route, method, path, options), route.connection, options.signal);
      return (text === '' ? undefined : JSON.parse(text)) as Answer;
    },
    open: (method, path, options = {}) => send(route, method, path, options),
    takeOver: (path, options = {}) => upgrade(route, path, options),
  };
}

function request({ connection, agent, prefix }: Route, method: string, path: string, options: CallOptions) {
  const given = Object.entries(options.query ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const query = given.length > 0 ? `?${new URLSearchParams(given).toString()}` : '';
  const target = connection.kind === 'unix' ? { socketPath: connection.socketPath } : connection;
  const { request: start } = connection.kind === 'tcp' && connection.tls ? https : http;
  return start({ ...target, agent, method, path: `${prefix}${path}${query}`, signal: options.signal });
}

/** Writes the body; errors of the connection arrive as the request's own. */
function finish(outgoing: http.ClientRequest, { body, stream }: CallOptions): void {
  if (stream) {
    outgoing.setHeader('Content-Type', 'application/x-tar');
    // The engine may refuse before it has read everything: its answer says why, so the broken pipe does not count.
    pipeline(stream, outgoing, () => {});
  } else if (body === undefined) {
    outgoing.end();
  } else {
    outgoing.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));
  }
}

/** An aborted call fails with the reason of the abort, any other with words for people. */
function failure(error: Error, connection: Connection, signal: AbortSignal | undefined): unknown {
  return signal?.aborted ? signal.reason : connectionError(error, connection);
}

async function send(route: Route, method: string, path: string, options: CallOptions): Promise<IncomingMessage> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request(route, method, path, options);
    outgoing.on('response', resolve);
    outgoing.on('error', (error) => reject(failure(error, route.connection, options.signal)));
    finish(outgoing, options);
  });
  return accepted(answer, route.connection);
}

async function accepted(answer: IncomingMessage, connection: Connection): Promise<IncomingMessage> {
  const status = answer.statusCode ?? 0;
  if (status < 400) return answer;
  throw refusal(status, await textOf(answer, connection));
}

async function textOf(answer: IncomingMessage, connection: Connection, signal?: AbortSignal): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  } catch (error) {
    throw failure(error as Error, connection, signal);
  }
}

async function upgrade(route: Route, path: string, options: CallOptions): Promise<Socket> {
  const { signal } = options;
  const socket = await new Promise<Socket | IncomingMessage>((resolve, reject) => {
    const outgoing = request(route, 'POST', path, options);
    outgoing.setHeader('Connection', 'Upgrade').setHeader('Upgrade', 'tcp');
    outgoing.on('response', resolve);
    outgoing.on('upgrade', (_answer, taken: Socket, head) => {
      if (head.length > 0) taken.unshift(head);
      resolve(taken);
    });
    outgoing.on('error', (error) => reject(failure(error, route.connection, signal)));
    finish(outgoing, options);
  });
  if ('statusCode' in socket) throw refusal(socket.statusCode ?? 0, await textOf(socket, route.connection));
  return socket as Socket;
}
