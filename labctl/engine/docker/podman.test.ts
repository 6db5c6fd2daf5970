import { describe, expect, it } from 'vitest';
import { forPodman, wantedHosts } from './config.ts';

const host = {
  ...{ name: 'server', image: 'labctl/server', environment: {}, attachments: [], capDrop: [], capAdd: [] },
  ...{ securityOpt: [], init: true, readOnly: true, sysctls: {}, labels: {} },
  tmpfs: { '/work': 'exec,size=64m,mode=755,uid=1000,gid=1000', '/run': 'size=1m' },
};
const lab = { name: 'tcp', file: '/tcp/docker-compose.yml', hosts: [host], networks: [] };

describe('forPodman', () => {
  it('opens a tmpfs that belongs to somebody, and leaves all else as it is', () => {
    const [wanted] = wantedHosts(lab, { lab: 'tcp', file: lab.file, version: '1' }, new Map());
    if (wanted === undefined) throw new Error('one host is wanted');
    const { HostConfig, ...rest } = forPodman(wanted.config);
    expect(HostConfig.Tmpfs).toEqual({ '/work': 'exec,size=64m,mode=1777', '/run': 'size=1m' });
    const { HostConfig: before, ...restBefore } = wanted.config;
    expect([rest, { ...HostConfig, Tmpfs: undefined }]).toEqual([restBefore, { ...before, Tmpfs: undefined }]);
  });
});
