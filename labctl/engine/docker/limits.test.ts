import { expect, it } from 'vitest';
import { connect } from './api.ts';
import { limitsIn, limitsOf } from './limits.ts';
import { engineLike, versioned } from './testing.ts';

const all = { processes: 'host', memory: 'host', processor: 'host', files: 'host' };
const none = { processes: 'none', memory: 'none', processor: 'none', files: 'host' };

it('says which limits hold, as the engine says it', () => {
  expect(limitsIn({ MemoryLimit: true, PidsLimit: true, CpuCfsQuota: true })).toEqual(all);
  expect(limitsIn({})).toEqual(all);
  // Rootless Docker on control groups of version 1.
  expect(limitsIn({ MemoryLimit: false, PidsLimit: false, CpuCfsQuota: false })).toEqual(none);
});

// As Podman 4.3.1, 5.4.2 and 5.8.6 answer on control groups of version 1, and what a host there could do all the same.
it.each([
  ['root’s', ['cpuset', 'cpu', 'cpuacct', 'blkio', 'memory', 'devices', 'freezer', 'pids'], all],
  ['a user’s', [], none],
  ['a user’s without the controller for the processor', ['memory', 'pids'], { ...all, processor: 'none' }],
])('does not take %s Podman’s word for what the kernel can', async (_, cgroupControllers, holds) => {
  const answers = {
    '/v1.44/info': { MemoryLimit: true, PidsLimit: true, CpuCfsQuota: true, SecurityOptions: ['name=rootless'] },
    '/v1.44/libpod/info': { host: { cgroupControllers, cgroupVersion: 'v1' } },
  };
  await using engine = await engineLike((request, response) => {
    response.setHeader('Libpod-Api-Version', '5.8.6');
    const answer = Object.entries(answers).find(([path]) => path === request.url)?.[1];
    if (answer) response.end(JSON.stringify(answer));
    else versioned('1.44')(request, response);
  });
  expect(await limitsOf(await connect(engine.connection))).toEqual(holds);
});
