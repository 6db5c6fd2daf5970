import { describe, expect, it } from 'vitest';
import type { HostSpec, Lab } from '../../model/lab.ts';
import { wantedHosts } from './config.ts';
import { forPodman } from './podman.ts';
import type { NetworkSummary } from './wire.ts';

const host = (name: string, ...networks: string[]): HostSpec => ({
  ...{ name, image: 'labctl/server', environment: {}, capDrop: [], capAdd: [], securityOpt: [], init: true },
  ...{ readOnly: true, sysctls: {}, labels: {} },
  tmpfs: { '/work': 'exec,size=64m,mode=755,uid=1000,gid=1000', '/run': 'size=1m' },
  attachments: networks.map((network) => ({ network, aliases: name === 'server' ? ['www'] : [] })),
});
const network = (name: string) => ({ name, internal: true, driverOpts: {}, labels: {} });
const lab: Lab = {
  name: 'tcp',
  file: '/tcp/docker-compose.yml',
  hosts: [host('server', 'lab', 'office'), host('client1', 'lab'), host('client2', 'office')],
  networks: [network('lab'), network('office')],
};
const made = (Name: string, ...subnets: string[]) =>
  ({ Name, IPAM: { Config: subnets.map((Subnet) => ({ Subnet })) } }) as NetworkSummary;
const networks = [made('tcp_lab', '10.213.0.0/28', 'fd12:0:0:1::/64'), made('tcp_office', '10.213.0.16/28')];

const wanted = wantedHosts(lab, { lab: 'tcp', file: lab.file, version: '1' }, new Map());
const [server, client1, client2] = wanted.map((one) => forPodman(one, lab, networks));

describe('forPodman', () => {
  it('gives each host a place of its own on each of its networks', () => {
    expect(server?.config.NetworkingConfig.EndpointsConfig['tcp_lab']).toEqual({
      Aliases: ['server', 'www'],
      IPAMConfig: { IPv4Address: '10.213.0.2', IPv6Address: 'fd12:0:0:1::2' },
    });
    expect(server?.further.map(({ endpoint }) => endpoint.IPAMConfig)).toEqual([{ IPv4Address: '10.213.0.18' }]);
    expect(client2?.config.NetworkingConfig.EndpointsConfig['tcp_office']?.IPAMConfig).toEqual({
      IPv4Address: '10.213.0.19',
    });
  });

  it('tells it the names of those that it shares a network with', () => {
    expect(client1?.config.HostConfig.ExtraHosts).toEqual([
      ...['server:10.213.0.2', 'server:fd12:0:0:1::2', 'www:10.213.0.2', 'www:fd12:0:0:1::2'],
    ]);
    expect(client2?.config.HostConfig.ExtraHosts).toEqual(['server:10.213.0.18', 'www:10.213.0.18']);
    expect(server?.config.HostConfig.ExtraHosts).toContain('client2:10.213.0.19');
  });

  it('opens a tmpfs that belongs to somebody, and leaves all else as it is', () => {
    expect(client1?.config.HostConfig.Tmpfs).toEqual({ '/work': 'exec,size=64m,mode=1777', '/run': 'size=1m' });
    const rest = (one: (typeof wanted)[number] | undefined) => ({
      ...one?.config,
      HostConfig: { ...one?.config.HostConfig, Tmpfs: 0, ExtraHosts: 0, Dns: 0 },
      NetworkingConfig: 0,
    });
    expect(rest(client1)).toEqual(rest(wanted[1]));
  });
});
