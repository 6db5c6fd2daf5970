import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { answerIn, livesOnDocker } from './glance.ts';

/** Anybody's, for 127.0.0.1, until 2126: each of them is the one key and its own certificate. */
const certificates = join(import.meta.dirname, 'fixtures');
const folder = mkdtempSync(join(tmpdir(), 'labctl-glance-'));
afterAll(() => rmSync(folder, { recursive: true }));

const labels = { 'com.docker.compose.project': 'here', 'labctl.lab': 'here' };
const bodies: Record<string, unknown> = {
  '/containers/json': [{ Labels: labels, State: 'running' }],
  '/networks': [{ Labels: null }],
};

/** As the engine answers. */
const engine =
  (version: string): RequestListener =>
  (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://docker');
    response.setHeader('Api-Version', version).end(JSON.stringify(bodies[pathname] ?? null));
  };

type Server = ReturnType<typeof createServer> | ReturnType<typeof createSecureServer>;
async function listening(server: Server, path?: string): Promise<number> {
  server.listen(path === undefined ? { port: 0, host: '127.0.0.1' } : { path });
  await once(server, 'listening');
  server.unref();
  return (server.address() as AddressInfo).port;
}

const both = async (environment: NodeJS.ProcessEnv) => [
  await livesOnDocker(environment, 'here'),
  await livesOnDocker(environment, 'elsewhere'),
];

it('looks through a socket of this machine', async () => {
  const path = join(folder, 'docker.sock');
  await listening(createServer(engine('1.41')), path);
  expect(await both({ DOCKER_HOST: `unix://${path}` })).toEqual([true, false]);
});

it('looks through a port', async () => {
  const port = await listening(createServer(engine('1.47')));
  expect(await both({ DOCKER_HOST: `tcp://127.0.0.1:${port}` })).toEqual([true, false]);
});

it('looks through TLS with the certificates of DOCKER_CERT_PATH, and through nothing else then', async () => {
  const read = (name: string) => readFileSync(join(certificates, name));
  const identity = { cert: read('cert.pem'), key: read('key.pem'), ca: read('ca.pem'), requestCert: true };
  const port = await listening(createSecureServer(identity, engine('1.41')));
  const address = { DOCKER_HOST: `tcp://127.0.0.1:${port}` };
  expect(await both({ ...address, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certificates })).toEqual([true, false]);
  expect(await both({ ...address, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder })).toEqual([undefined, undefined]);
  expect(await both(address)).toEqual([undefined, undefined]);
});

it('says nothing of an engine that is too old, not there, or no engine', async () => {
  const port = await listening(createServer(engine('1.40')));
  expect(await livesOnDocker({ DOCKER_HOST: `tcp://127.0.0.1:${port}` }, 'here')).toBeUndefined();
  expect(await livesOnDocker({ DOCKER_HOST: `unix://${folder}/none` }, 'here')).toBeUndefined();
  expect(await livesOnDocker({ DOCKER_HOST: 'ssh://somewhere' }, 'here')).toBeUndefined();
});

it.each([
  ['a refusal', 'HTTP/1.0 403 Forbidden\r\nApi-Version: 1.41\r\n\r\n[]'],
  ['half an answer', 'HTTP/1.0 200 OK\r\nApi-Version: 1.41\r\n\r\n[{'],
  ['no version', 'HTTP/1.0 200 OK\r\n\r\n[]'],
  ['something else', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['nothing', ''],
])('takes %s for no answer', (_what, text) => {
  expect(() => answerIn(text)).toThrow();
});

it('reads an answer whose body has an empty line', () => {
  expect(answerIn('HTTP/1.1 200 OK\r\napi-version: 1.41\r\n\r\n[1,\r\n\r\n2]')).toEqual([1, 2]);
});
