import { expect, it } from 'vitest';
import { connect } from './api.ts';
import { removeNameless } from './image-store.ts';
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
