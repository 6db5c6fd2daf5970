import { describe, expect, it } from 'vitest';
import type { HostSpec, Lab } from '../../model/lab.ts';
import { awayLines, bridgeLines, cableLines, hostScript } from './cables.ts';
import { hostsFile, macOf, placeLab } from './topology.ts';

const host = (name: string, ...networks: string[]): HostSpec => ({
  name,
  image: 'i',
  environment: {},
  attachments: networks.map((network) => ({ network, aliases: [`${name}.${network}`] })),
  capDrop: [],
  capAdd: [],
  securityOpt: [],
  init: true,
  readOnly: true,
  tmpfs: {},
  sysctls: {},
  labels: {},
});

const labOf = (...hosts: HostSpec[]): Lab => ({
  name: 'l',
  file: '/l/docker-compose.yml',
  hosts,
  networks: [...new Set(hosts.flatMap(({ attachments }) => attachments.map(({ network }) => network)))].map((name) => ({
    name,
    internal: true,
    driverOpts: {},
    labels: {},
  })),
});

const addresses = (lab: Lab, before?: ReturnType<typeof placeLab>) =>
  placeLab(lab, before).hosts.map(({ name, links }) => [name, ...links.map(({ address }) => address)].join(' '));

describe('placing a lab', () => {
  const lab = labOf(host('server', 'lab', 'office'), host('client', 'lab'));

  it('gives each network a subnet, each host an address on each, from the second on', () => {
    expect(addresses(lab)).toEqual(['server 10.213.0.2 10.213.0.18', 'client 10.213.0.3']);
  });

  it('changes no address of a host that was there', () => {
    const grown = labOf(host('new', 'lab'), host('client', 'lab'), host('server', 'lab', 'office'));
    expect(addresses(grown, placeLab(lab))).toEqual([
      'new 10.213.0.4',
      'client 10.213.0.3',
      'server 10.213.0.2 10.213.0.18',
    ]);
  });

  it('moves a network that outgrew its subnet', () => {
    const many = labOf(...Array.from({ length: 20 }, (_, index) => host(`h${index}`, 'lab')));
    const after = placeLab(many, placeLab(lab));
    expect(after.networks).toEqual([expect.objectContaining({ name: 'lab', subnet: '10.213.0.0/27' })]);
    expect(new Set(after.hosts.flatMap(({ links }) => links.map(({ address }) => address))).size).toBe(20);
  });

  it('makes the MAC address from the address', () => expect(macOf('10.213.0.18')).toBe('02:42:0a:d5:00:12'));

  it('names to a host those it shares a network with, and itself', () => {
    expect(hostsFile(lab, placeLab(lab), lab.hosts[1] ?? host('x'))).toBe(
      [
        '127.0.0.1 localhost',
        '10.213.0.3 client',
        '10.213.0.2 server server.lab',
        '10.213.0.3 client client.lab',
        '',
      ].join('\n'),
    );
  });
});

describe('laying cables', () => {
  const before = placeLab(labOf(host('a', 'one'), host('b', 'one')));
  const after = placeLab(labOf(host('a', 'one'), host('c', 'one', 'two')), before);
  const change = { removeHosts: ['b'], addHosts: ['c'], before, after };

  it('takes away what goes, and adds the bridges that are new', () => {
    expect(awayLines(change)).toMatch(/^link del v\w+\n$/);
    expect(bridgeLines(change)).toMatch(/^link add br\w+ up type bridge .*\n$/);
  });

  it('lays one cable for each interface of a new host, into its namespace', () => {
    expect(cableLines(change).map(([name, line]) => [name, line.replace(/\b(v|br)[0-9a-f]{12}\b/g, '$1')])).toEqual([
      ['c', 'link add v up master br type veth peer name eth0 address 02:42:0a:d5:00:03 netns {c}'],
      ['c', 'link add v up master br type veth peer name eth1 address 02:42:0a:d5:00:12 netns {c}'],
    ]);
  });

  it('keeps values of sysctls values, whatever stands in them', () => {
    const [place] = after.hosts;
    expect(hostScript(place ?? { name: 'a', links: [] }, { 'net.ipv4.tcp_syncookies': "0'; rm -r /" })).toContain(
      "printf %s '0'\\''; rm -r /' >'/proc/sys/net/ipv4/tcp_syncookies'",
    );
  });
});
