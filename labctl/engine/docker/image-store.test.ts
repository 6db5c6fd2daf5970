import { expect, it } from 'vitest';
import { connect } from './api.ts';
import { removeNameless, sweepNameless } from './image-store.ts';
import { engineLike } from './testing.ts';

/** An engine that holds such an image and answers with that status when it is to be removed. */
const holding = (tags: string[], status: number) =>
  engineLike((request, response) => {
    response.setHeader('Api-Version', '1.41');
    if (request.method === 'DELETE') response.statusCode = status;
    response.end(JSON.stringify(request.method === 'GET' ? { RepoTags: tags } : { message: 'unrecognized image ID' }));
  });

// 500 is what Engine 20.10 says when two removals meet in the layers that both images had.
it.each([404, 409, 500])('a former image that cannot be removed (%d) does no harm to the new one', async (status) => {
  await using engine = await holding([], status);
  await expect(removeNameless(await connect(engine.connection), 'sha256:old')).resolves.toBeUndefined();
});

it('an image that somebody has named again is not even tried', async () => {
  await using engine = await holding(['mine:1'], 403);
  await expect(removeNameless(await connect(engine.connection), 'sha256:old')).resolves.toBeUndefined();
});

it('sweeps what lost its name a while ago, and what is still needed stays without harm', async () => {
  const now = Date.now() / 1000;
  const images = [
    { Id: 'sha256:needed', Created: now - 5000 },
    { Id: 'sha256:old', Created: now - 5000 },
    { Id: 'sha256:fresh', Created: now - 5 },
  ];
  const asked: string[] = [];
  await using engine = await engineLike((request, response) => {
    const url = decodeURIComponent(request.url ?? '');
    response.setHeader('Api-Version', '1.41');
    asked.push(`${request.method} ${url.replace(/^\/v[\d.]+/, '')}`);
    if (request.method === 'DELETE' && url.includes('needed')) response.statusCode = 409;
    response.end(JSON.stringify(url.includes('/images/json') ? images : { RepoTags: [], message: 'in use' }));
  });
  await sweepNameless(await connect(engine.connection));
  expect(asked.filter((one) => one.startsWith('DELETE'))).toEqual([
    'DELETE /images/sha256:needed',
    'DELETE /images/sha256:old',
  ]);
  expect(asked.join()).toContain('{"dangling":["true"],"label":["labctl.image"]}');
});
