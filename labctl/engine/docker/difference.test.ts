import { describe, expect, it } from 'vitest';
import type { HostSpec, Lab } from '../../model/lab.ts';
import { wantedHosts, wantedNetworks } from './config.ts';
import { difference, isNothing } from './difference.ts';
import { hostLabels, networkLabels } from './labels.ts';
import { labState } from './state.ts';
import type { ContainerSummary, NetworkSummary } from './wire.ts';

const owner = { lab: 'lab', file: '/lab/docker-compose.yml', version: '1' };

const spec = (name: string, networks: string[]): HostSpec => ({
  name,
  image: 'image',
  environment: {},
  attachments: networks.map((network) => ({ network, aliases: [] })),
  capDrop: [],
  capAdd: [],
  securityOpt: [],
  init: true,
  readOnly: true,
  tmpfs: {},
  sysctls: {},
  labels: {},
});

const lab: Lab = {
  name: 'lab',
  file: owner.file,
  hosts: [spec('server', ['one', 'two']), spec('client1', ['one'])],
  networks: ['one', 'two'].map((name) => ({ name, internal: true, driverOpts: {}, labels: {} })),
};
const hosts = wantedHosts(lab, owner, new Map([['image', 'sha256:1']]));
const networks = wantedNetworks(lab);

/** What an engine would list for a lab that is up, with changes for one container. */
function stateWith(host = '', change: Partial<ContainerSummary> = {}) {
  const containers = hosts.map(({ spec: { name }, config, hash, further }) => ({
    Id: name,
    Names: [`/lab_${name}_1`],
    Image: 'image',
    ImageID: 'sha256:1',
    State: 'running',
    Labels: config.Labels,
    NetworkSettings: {
      Networks: Object.fromEntries(
        [config.HostConfig.NetworkMode, ...further.map(({ network }) => network)].map((network) => [
          network,
          { NetworkID: `id of ${network}`, IPAddress: '10.213.0.2', MacAddress: '' },
        ]),
      ),
    },
    hash,
    ...(name === host ? change : {}),
  }));
  const existing: NetworkSummary[] = networks.map(({ name, spec: network, hash }) => ({
    Id: `id of ${name}`,
    Name: name,
    Labels: networkLabels(owner, network.name, hash),
    IPAM: { Config: [{ Subnet: '10.213.0.0/28' }] },
  }));
  return labState('lab', containers, existing);
}

const ids = (list: { Id: string }[]): string[] => list.map(({ Id }) => Id);
const names = (list: { name: string }[]): string[] => list.map(({ name }) => name);

describe('difference', () => {
  it('is nothing for a lab as it should be, and everything for none', () => {
    expect(isNothing(difference(stateWith(), hosts, networks))).toBe(true);
    const todo = difference(labState('lab', [], []), hosts, networks);
    expect([names(todo.createNetworks), names(todo.createHosts)]).toEqual([
      ['lab_one', 'lab_two'],
      ['lab_server_1', 'lab_client1_1'],
    ]);
  });

  it.each<[string, Partial<ContainerSummary>]>([
    ['made from something else', { Labels: hostLabels(owner, 'client1', 'another hash', 1) }],
    ['made by Compose', { Labels: { ...hostLabels(owner, 'client1', '', 1), 'labctl.hash': '' } }],
    ['in a state that leads nowhere', { State: 'dead' }],
    ['attached to nothing', { NetworkSettings: { Networks: {} } }],
    [
      'attached to a network that is gone',
      { NetworkSettings: { Networks: { lab_one: { NetworkID: 'old', IPAddress: '', MacAddress: '' } } } },
    ],
  ])('makes a host anew that is %s', (_, change) => {
    const todo = difference(stateWith('client1', change), hosts, networks);
    expect([ids(todo.removeContainers), names(todo.createHosts)]).toEqual([['client1'], ['lab_client1_1']]);
  });

  it('starts what is stopped, but makes it anew when its interfaces would be numbered by chance', () => {
    expect(ids(difference(stateWith('client1', { State: 'exited' }), hosts, networks).startHosts)).toEqual(['client1']);
    expect(ids(difference(stateWith('client1', { State: 'paused' }), hosts, networks).resumeHosts)).toEqual([
      'client1',
    ]);
    const todo = difference(stateWith('server', { State: 'exited' }), hosts, networks);
    expect([ids(todo.removeContainers), names(todo.createHosts)]).toEqual([['server'], ['lab_server_1']]);
  });

  it('makes a changed network anew, with every host on it', () => {
    const changed = wantedNetworks({
      ...lab,
      networks: lab.networks.map((network) => (network.name === 'two' ? { ...network, internal: false } : network)),
    });
    const todo = difference(stateWith(), hosts, changed);
    expect(ids(todo.removeNetworks)).toEqual(['id of lab_two']);
    expect(names(todo.createNetworks)).toEqual(['lab_two']);
    expect(ids(todo.removeContainers)).toEqual(['server']);
  });

  it('removes what the file no longer names', () => {
    const less = { ...lab, hosts: lab.hosts.slice(1), networks: lab.networks.slice(0, 1) };
    const todo = difference(stateWith(), hosts.slice(1), wantedNetworks(less));
    expect([ids(todo.removeContainers), ids(todo.removeNetworks)]).toEqual([['server'], ['id of lab_two']]);
  });
});
