// Knows where the engine listens: DOCKER_HOST and its companions, else the usual socket. Talking to it is api.ts.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';

interface Certificates {
  ca: Buffer;
  cert: Buffer;
  key: Buffer;
}

/** A Unix socket, or a TCP port with or without TLS. */
export type Connection =
  | { kind: 'unix'; socketPath: string }
  | { kind: 'tcp'; host: string; port: number; tls?: Certificates | undefined };

const defaultSocket = '/var/run/docker.sock';

/** How a connection is named to people: as DOCKER_HOST would name it. */
export const connectionText = (connection: Connection): string =>
  connection.kind === 'unix' ? connection.socketPath : `tcp://${connection.host}:${connection.port}`;

/**
 * Where the engine listens, by the variables that Docker's own CLI reads: DOCKER_HOST, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH.
 * @throws LabError for an address that is neither `unix://` nor `tcp://`
 */
export function findConnection(environment: NodeJS.ProcessEnv): Connection {
  const address = environment.DOCKER_HOST ?? '';
  if (address === '') return { kind: 'unix', socketPath: defaultSocket };
  if (address.startsWith('unix://')) return { kind: 'unix', socketPath: address.slice('unix://'.length) };
  const url = address.startsWith('tcp://') && URL.canParse(address) ? new URL(address) : undefined;
  if (url && url.hostname !== '') return tcpConnection(url, environment);
  throw new LabError('usage', `DOCKER_HOST is "${address}", which labctl cannot use`, {
    hint: 'give it as unix:///path/of/the/socket or tcp://HOST:PORT, or unset it',
  });
}

function tcpConnection(url: URL, environment: NodeJS.ProcessEnv): Connection {
  const secure = Boolean(environment.DOCKER_TLS_VERIFY);
  return {
    kind: 'tcp',
    host: url.hostname,
    port: Number(url.port) || (secure ? 2376 : 2375),
    tls: secure ? certificates(environment) : undefined,
  };
}

function certificates({ DOCKER_CERT_PATH, HOME }: NodeJS.ProcessEnv): Certificates {
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
