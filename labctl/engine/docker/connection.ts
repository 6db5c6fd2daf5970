// Knows where the engine listens: DOCKER_HOST and its companions, else the chosen context, else the usual sockets. Talking
// to it is api.ts.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';
import { currentContext } from './contexts.ts';

type Environment = Record<string, string | undefined>;

interface Certificates {
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
  rejectUnauthorized?: false;
}

/** A Unix socket, a TCP port with or without TLS, or the socket of another machine that ssh(1) reaches. */
export type Connection =
  | { kind: 'unix'; socketPath: string }
  | { kind: 'tcp'; host: string; port: number; tls?: Certificates | undefined }
  | { kind: 'ssh'; host: string; user?: string; port?: number; socketPath: string };

const defaultSocket = '/var/run/docker.sock';

/** How a connection is named to people: as DOCKER_HOST would name it. */
export function connectionText(connection: Connection): string {
  if (connection.kind === 'unix') return connection.socketPath;
  const { kind, host, port } = connection;
  if (kind === 'tcp') return `tcp://${host}:${port}`;
  const at = connection.user === undefined ? host : `${connection.user}@${host}`;
  return `ssh://${at}${port === undefined ? '' : `:${port}`}`;
}

/**
 * Where the engine listens, by what Docker's own CLI reads: DOCKER_HOST with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH; else
 * DOCKER_CONTEXT or the context in use; else the sockets of this machine.
 * @throws LabError for an address that is none of `unix://`, `tcp://` and `ssh://`, and for a context that is not there
 */
export function findConnection(environment: Environment): Connection {
  const address = environment['DOCKER_HOST'] ?? '';
  if (address !== '') {
    const tls = environment['DOCKER_TLS_VERIFY'] ? () => certificatesOf(environment) : undefined;
    return connectionTo(address, 'DOCKER_HOST is', tls);
  }
  const context = currentContext(environment);
  if (context === undefined) return { kind: 'unix', socketPath: usualSocket(environment) };
  const { name, certificates, skipVerify } = context;
  const tls = certificates === undefined ? undefined : () => contextCertificates(certificates, skipVerify);
  return connectionTo(context.address, `the address of the Docker context ${name} is`, tls);
}

/** The machine's engine, else a rootless one of this user, else that of Docker Desktop; the first where there is none. */
function usualSocket({ XDG_RUNTIME_DIR, HOME }: Environment): string {
  const own = [
    ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, 'docker.sock')] : []),
    ...(HOME ? [join(HOME, '.docker/run/docker.sock'), join(HOME, '.docker/desktop/docker.sock')] : []),
  ];
  return [defaultSocket, ...own].find((path) => existsSync(path)) ?? defaultSocket;
}

function connectionTo(address: string, what: string, tls: (() => Certificates) | undefined): Connection {
  if (address.startsWith('unix://')) return { kind: 'unix', socketPath: address.slice('unix://'.length) };
  const url = /^(tcp|https?|ssh):\/\//.test(address) && URL.canParse(address) ? new URL(address) : undefined;
  if (url && url.hostname !== '') return url.protocol === 'ssh:' ? sshConnection(url) : tcpConnection(url, tls);
  throw new LabError('usage', `${what} "${address}", which labctl cannot use`, {
    hint: 'it may be unix:///path/of/the/socket, tcp://HOST:PORT or ssh://USER@HOST',
  });
}

const tcpConnection = ({ hostname, port }: URL, tls: (() => Certificates) | undefined): Connection => ({
  kind: 'tcp',
  host: hostname.replace(/^\[|\]$/g, ''),
  port: Number(port) || (tls ? 2376 : 2375),
  tls: tls?.(),
});

const sshConnection = ({ hostname, username, port, pathname }: URL): Connection => ({
  kind: 'ssh',
  host: hostname,
  ...(username === '' ? {} : { user: decodeURIComponent(username) }),
  ...(port === '' ? {} : { port: Number(port) }),
  socketPath: pathname === '' || pathname === '/' ? defaultSocket : pathname,
});

function certificatesOf({ DOCKER_CERT_PATH, HOME }: Environment): Certificates {
  const folder = DOCKER_CERT_PATH ?? join(HOME ?? '', '.docker');
  const read = (name: string) => readFileSync(join(folder, name));
  try {
    return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
  } catch (cause) {
    throw new LabError('usage', `DOCKER_TLS_VERIFY is set, but ${folder} does not hold ca.pem, cert.pem and key.pem`, {
      hint: 'set DOCKER_CERT_PATH to the folder that holds them',
      cause,
    });
  }
}

/** A context holds those of the three that it was given. */
function contextCertificates(folder: string, skipVerify: boolean): Certificates {
  const read = (name: string) => {
    const path = join(folder, `${name}.pem`);
    return existsSync(path) ? { [name]: readFileSync(path) } : {};
  };
  return { ...read('ca'), ...read('cert'), ...read('key'), ...(skipVerify ? { rejectUnauthorized: false } : {}) };
}
