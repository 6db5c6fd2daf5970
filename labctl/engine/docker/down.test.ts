import { expect, it } from 'vitest';
import { connect } from './api.ts';
import { down } from './down.ts';
import { engineLike } from './testing.ts';

const labels = { 'com.docker.compose.project': 'here', 'labctl.lab': 'here' };

it('removes what another labctl makes of the lab meanwhile', async () => {
  // Nothing but a network is there at first; a host is on it before it can be removed.
  const there = { container: false, network: true };
  const removed: string[] = [];
  await using engine = await engineLike((request, response) => {
    response.setHeader('Api-Version', '1.41');
    const url = request.url ?? '';
    const answer = (status: number, body: unknown) => {
      response.statusCode = status;
      response.end(JSON.stringify(body));
    };
    if (request.method === 'DELETE' && url.includes('/networks/')) {
      const isFirst = removed.length === 0;
      if (isFirst) there.container = true;
      if (there.container) return answer(403, { message: 'network here_lab has active endpoints' });
      there.network = false;
      removed.push('network');
      return answer(200, null);
    }
    if (request.method === 'DELETE') {
      there.container = false;
      removed.push('container');
      return answer(200, null);
    }
    const host = { Id: 'c', Names: ['/here_x_1'], Image: 'i', ImageID: 'sha256:i', State: 'running', Labels: labels };
    if (url.includes('/containers/json')) return answer(200, there.container ? [host] : []);
    const network = { Id: 'n', Name: 'here_lab', Labels: labels, Containers: { c: { Name: 'here_x_1' } } };
    if (url.includes('/networks/')) return answer(200, network);
    return answer(200, there.network ? [network] : []);
  });
  await down(await connect(engine.connection), 'here', {});
  expect(removed).toEqual(['container', 'network']);
});
