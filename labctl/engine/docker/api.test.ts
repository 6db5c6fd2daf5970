import { describe, expect, it } from 'vitest';
import { connect } from './api.ts';
import { engineLike, versioned } from './testing.ts';

describe('connect', () => {
  it.each([
    ['1.41', '1.41'],
    ['1.44', '1.44'],
    ['1.55', '1.47'],
  ])('meets an engine of API %s at %s', async (offered, spoken) => {
    await using engine = await engineLike(versioned(offered));
    const api = await connect(engine.connection);
    expect(api.version).toBe(spoken);
    expect(await api.call('GET', '/info', { query: { a: 'b c', left: undefined } })).toBe(`/v${spoken}/info?a=b%20c`);
  });

  it('goes with an engine that no longer takes what labctl was written for', async () => {
    await using engine = await engineLike(versioned('1.60', '1.50'));
    expect((await connect(engine.connection)).version).toBe('1.50');
  });

  it.each([
    [undefined, {}, false],
    ['1', {}, false],
    ['2', {}, true],
    ['2', { DOCKER_BUILDKIT: '0' }, false],
    ['1', { DOCKER_BUILDKIT: '1' }, 'forced'],
  ])('builds as an engine recommends (%s), unless told (%j): BuildKit %s', async (recommended, environment, uses) => {
    await using engine = await engineLike((request, response) => {
      if (recommended !== undefined) response.setHeader('Builder-Version', recommended);
      versioned('1.41')(request, response);
    });
    expect((await connect(engine.connection, environment)).buildKit).toBe(uses);
  });

  it.each(['1.40', '', 'nonsense'])('refuses an engine of API "%s"', async (offered) => {
    await using engine = await engineLike(versioned(offered));
    await expect(connect(engine.connection)).rejects.toMatchObject({
      kind: 'engine',
      message: `the Docker Engine is too old: its API is ${offered || 'unknown'}, labctl needs 1.41`,
    });
  });
});

describe('an engine that dies', () => {
  it('is missed in the middle of an answer, and before one', async () => {
    await using engine = await engineLike((request, response) => {
      if (request.url === '/_ping') return versioned('1.41')(request, response);
      if (request.url?.endsWith('/half')) response.write('{"half":');
      request.socket.end();
    });
    const api = await connect(engine.connection);
    const lost = { kind: 'engine', message: expect.stringContaining('was lost') };
    await expect(api.call('GET', '/half')).rejects.toMatchObject(lost);
    await expect(api.call('GET', '/none')).rejects.toMatchObject(lost);
    await expect(api.takeOver('/none')).rejects.toMatchObject(lost);
  });
});

describe('a call that is interrupted', () => {
  it('fails with the reason of the abort', async () => {
    await using engine = await engineLike((request, response) => {
      if (request.url === '/_ping') versioned('1.41')(request, response);
    });
    const api = await connect(engine.connection);
    const stop = new AbortController();
    const call = api.call('GET', '/never', { signal: stop.signal });
    stop.abort(new Error('interrupted'));
    await expect(call).rejects.toThrow('interrupted');
  });
});
