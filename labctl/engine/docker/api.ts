// Speaks with the engine through dockerode, whose only home is this file: JSON calls, streamed bodies, and connections
// that are taken over (hijacked) for exec. Of dockerode it uses the modem, because labctl judges every status itself, ends
// taken-over connections on a signal and reads multiplexed output with back pressure, none of which its methods do.

import { Agent, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { negotiate } from './api-version.ts';
import type { Connection } from './connection.ts';
import { connectionError, refusal } from './errors.ts';
import { type Reachable, reach } from './ssh.ts';

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
  /** Podman behind Docker's API, which differs in small things. */
  readonly podman: boolean;
  /** Whether images are built by BuildKit: `forced` by the user, else by what the engine recommends. */
  readonly buildKit: boolean | 'forced';
  /** A JSON call; the answer, or undefined where there is none. Throws Refusal for a status of 400 or more. */
  call<Answer = undefined>(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** A call whose answer is read as a stream. */
  open(method: string, path: string, options?: CallOptions): Promise<IncomingMessage>;
  /** A POST that turns the connection into a two-way stream. */
  takeOver(path: string, options?: CallOptions): Promise<Socket>;
}

/**
 * Connects, and settles on an API version that both sides speak. Of the environment, DOCKER_BUILDKIT counts, as for Docker's
 * own CLI.
 */
export async function connect(connection: Connection, environment: NodeJS.ProcessEnv = {}): Promise<Api> {
  const { default: Dockerode } = await import('dockerode');
  const route = { connection, modem: new Dockerode(await targetOf(await reach(connection))).modem as unknown as Modem };
  const ping = await send(route, 'GET', '/_ping', {});
  ping.resume();
  const version = await negotiate(String(ping.headers['api-version'] ?? ''), () => oldestOf(route));
  route.modem.version = `v${version}`;
  const podman = ping.headers['libpod-api-version'] !== undefined;
  return api(route, { version, podman, buildKit: !podman && builder(ping, environment) });
}

/** The oldest version that an engine still takes. */
async function oldestOf(route: Route): Promise<string> {
  const answer = await textOf(await send(route, 'GET', '/version', {}), route.connection);
  return (JSON.parse(answer) as { MinAPIVersion?: string }).MinAPIVersion ?? '';
}

function builder(ping: IncomingMessage, { DOCKER_BUILDKIT = '' }: NodeJS.ProcessEnv): Api['buildKit'] {
  if (DOCKER_BUILDKIT === '') return ping.headers['builder-version'] === '2';
  return /^(0|f|false)$/i.test(DOCKER_BUILDKIT) ? false : 'forced';
}

const settings = { keepAlive: true, timeout: 5000, servername: '' };
/** As Node's own agent, but it does not look whether the name for TLS would be an address: that takes 3 ms. */
const nameless = { agent: new Agent(settings) };

async function targetOf(connection: Reachable): Promise<Docker.DockerOptions> {
  // The modem reads DOCKER_HOST by itself, and would take from there what is not said here.
  if (connection.kind === 'unix')
    return { socketPath: connection.socketPath, protocol: 'http', host: undefined, port: undefined, ...nameless };
  const { host, port, tls } = connection;
  const { rejectUnauthorized, ...certificates } = tls ?? {};
  // Of certificates it knows to pass on everything but that nobody checks them.
  const agent =
    rejectUnauthorized === false
      ? { agent: new (await import('node:https')).Agent({ ...certificates, rejectUnauthorized }) }
      : {};
  return { host, port, protocol: tls ? 'https' : 'http', ...certificates, ...agent };
}

/** What labctl calls of docker-modem; its own types leave these out. */
interface Modem {
  version: string;
  dial(order: object, done: (error: Error | null, answer: IncomingMessage | Socket) => void): void;
}

interface Route {
  connection: Connection;
  modem: Modem;
}

function api(route: Route, facts: Pick<Api, 'version' | 'podman' | 'buildKit'>): Api {
  return {
    ...facts,
    async call<Answer>(method: string, path: string, options: CallOptions = {}) {
      const text = await textOf(await send(route, method, path, options), route.connection, options.signal);
      // Podman says `OK` where Docker says nothing.
      return (text === '' || text.trim() === 'OK' ? undefined : JSON.parse(text)) as Answer;
    },
    open: (method, path, options = {}) => send(route, method, path, options),
    takeOver: (path, options = {}) => upgrade(route, path, options),
  };
}

/** The modem rejects what it does not know to be right; here every answer is right, and judged by `accepted`. */
const everyStatus = new Proxy({}, { get: () => true });

function dial(route: Route, method: string, path: string, options: CallOptions, hijack: boolean) {
  const { body, stream, signal } = options;
  const query = Object.fromEntries(Object.entries(options.query ?? {}).filter(([, value]) => value !== undefined));
  const order = {
    // The modem puts the query behind a path that ends so.
    path: Object.keys(query).length > 0 ? `${path}?` : path,
    method,
    options: { _query: query, _body: body ?? {} },
    isStream: true,
    statusCodes: everyStatus,
    ...(stream ? { file: stream } : {}),
    ...(signal ? { abortSignal: signal } : {}),
    ...(hijack ? { hijack } : {}),
  };
  return new Promise<IncomingMessage | Socket>((resolve, reject) => {
    route.modem.dial(order, (error, answer) => {
      if (error) reject(failure(error, route.connection, signal));
      else resolve(answer);
    });
  });
}

/** An aborted call fails with the reason of the abort, any other with words for people. */
function failure(error: Error, connection: Connection, signal: AbortSignal | undefined): unknown {
  return signal?.aborted ? signal.reason : connectionError(error, connection);
}

async function send(route: Route, method: string, path: string, options: CallOptions): Promise<IncomingMessage> {
  const answer = await dial(route, method, path, options, false);
  return accepted(answer as IncomingMessage, route.connection);
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

/** A refusal comes as an ordinary answer, success as the socket itself. */
async function upgrade(route: Route, path: string, options: CallOptions): Promise<Socket> {
  const answer = await dial(route, 'POST', path, options, true);
  if (!('statusCode' in answer)) return answer as Socket;
  throw refusal(answer.statusCode ?? 0, await textOf(answer, route.connection));
}
