import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from './api.ts';
import { isDockerfilesFault } from './build-fault.ts';
import { buildImage } from './build-image.ts';
import { engineLike, versioned } from './testing.ts';

// What Engines 20.10.24, 26.1.5 and 28.5.2 said; the last two use the same words.
const head = 'failed to solve with frontend dockerfile.v0: failed to create LLB definition:';
const checksum =
  'failed to compute cache key: failed to calculate checksum of ref a20b7539::lrbi64ia998e62yjfkjmqn7ab:';
const noNetwork = 'failed to do request: Head "https://registry/v2/x/manifests/1": dial tcp: network is unreachable';

describe('a failed build', () => {
  it.each([
    'executor failed running [/bin/sh -c echo hi; exit 7]: exit code: 7',
    'process "/bin/sh -c echo hi; exit 7" did not complete successfully: exit code: 7',
    'process "/bin/sh -c true" did not complete successfully: unable to find user no: no matching entries in passwd file',
    `${head} dockerfile parse error line 2: unknown instruction: NONSENSE`,
    'dockerfile parse error on line 2: WORKDIR requires exactly one argument',
    `${head} the Dockerfile cannot be empty`,
    'no build stage in current context',
    'failed to compute cache key: "/nofile" not found: not found',
    `${checksum} "/nofile": not found`,
  ])('is the Dockerfile’s fault: %s', (message) => expect(isDockerfilesFault(message)).toBe(true));

  it.each([
    'no active sessions',
    'failed to load LLB: network.host is not allowed',
    `failed to resolve source metadata for docker.io/docker/dockerfile:1: ${noNetwork}`,
    `failed to solve with frontend dockerfile.v0: failed to solve with frontend gateway.v0: ${noNetwork}`,
    'executor failed running [/bin/sh -c make]: runc did not start: exec: "runc": executable file not found in $PATH',
    'no space left on device',
  ])('is none of it: %s', (message) => expect(isDockerfilesFault(message)).toBe(false));
});

describe('where the engine recommends BuildKit', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'labctl-fault-'));
    writeFileSync(join(folder, 'Dockerfile'), 'FROM labctl/base\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Builds where BuildKit says so and the classic builder does it; gives who was asked and how it ended. */
  async function build(message: string) {
    const asked: (string | null)[] = [];
    await using engine = await engineLike((request, response) => {
      response.setHeader('Builder-Version', '2');
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://engine');
      if (!pathname.endsWith('/build')) return versioned('1.45')(request, response);
      asked.push(searchParams.get('version'));
      const line = asked.length === 1 ? { errorDetail: { message }, error: message } : { stream: 'Successfully built' };
      request.resume().on('end', () => response.end(JSON.stringify(line)));
    });
    const order = { image: 'mine', build: { context: folder, dockerfile: 'Dockerfile' }, hash: 'x' };
    const ended = await buildImage(await connect(engine.connection), order, {}).catch((error: Error) => error.message);
    return { asked, ended };
  }

  it('builds a Dockerfile with a fault once', async () => {
    const message = 'process "/bin/sh -c exit 7" did not complete successfully: exit code: 7';
    expect(await build(message)).toEqual({ asked: ['2'], ended: `the image cannot be built: ${message}` });
  });

  it('turns to the classic builder where BuildKit cannot go on', async () => {
    expect(await build('no active sessions')).toEqual({ asked: ['2', '1'], ended: undefined });
  });
});
