import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../root.ts';
import { complaintsText } from './bad-files.ts';
import { readCompose } from './compose.ts';

const complaints = (text: string): string =>
  complaintsText(() => readCompose(text, '/srv/lab/docker-compose.yml', undefined, 'dc.yml'));

/** A file with one service `a`, whose further keys begin on line 4, column 5. */
const service = (keys: string): string => `services:\n  a:\n    image: x\n    ${keys.replaceAll('\n', '\n    ')}\n`;

describe('the lab of this repository', () => {
  const file = join(packageRoot, 'docker-compose.yml');
  const lab = readCompose(readFileSync(file, 'utf8'), file);

  it('has a server and three clients on two shut networks', () => {
    const places = lab.hosts.map(({ name, attachments }) => [name, attachments.map(({ network }) => network)]);
    expect(places).toEqual([
      ['server', ['lab', 'office']],
      ['client1', ['lab']],
      ['client2', ['lab']],
      ['client3', ['lab', 'office']],
    ]);
    expect(lab.networks.map(({ name }) => name)).toEqual(['lab', 'office']);
    for (const network of lab.networks)
      expect(network).toMatchObject({
        internal: true,
        driverOpts: { 'com.docker.network.bridge.inhibit_ipv4': 'true' },
      });
  });

  it('gives hosts no more than recording needs', () => {
    for (const host of lab.hosts)
      expect(host).toMatchObject({
        capDrop: ['ALL'],
        capAdd: ['NET_ADMIN', 'NET_RAW', 'SETUID', 'SETGID', 'KILL'],
        securityOpt: ['no-new-privileges:true'],
        readOnly: true,
        init: true,
        build: { context: join(packageRoot, 'images') },
      });
  });
});

describe('what Compose would do is done', () => {
  const read = (text: string): ReturnType<typeof readCompose> => readCompose(text, '/srv/My Lab/docker-compose.yml');

  it('with every key that a lab can carry', () => {
    const lab = read(`version: "2.4"
x-note: {anything: [goes, "$HERE"]}
services:
  a:
    image: labctl/server
    build: {context: ../images, dockerfile: server/Dockerfile, network: none}
    command: sh -c "sleep $$TIME"
    entrypoint: [tini, --]
    hostname: web
    user: "1000"
    working_dir: /work
    environment: [A=1, B=x=y, C=]
    networks: {lab: {aliases: [web.lab]}, default: }
    cap_drop: [ALL]
    cap_add: [NET_RAW]
    security_opt: ["no-new-privileges:true"]
    pids_limit: 50
    mem_limit: 1.5g
    cpus: "0.5"
    init: true
    read_only: true
    tmpfs: /work:exec,size=64m
    sysctls: {net.ipv4.tcp_sack: 0}
    labels: [course=sockets, empty]
networks:
  lab: {driver: bridge, internal: true, driver_opts: {com.docker.network.bridge.inhibit_ipv4: "true"}}
  unused: {}
`);
    expect(lab).toEqual({
      name: 'mylab',
      file: '/srv/My Lab/docker-compose.yml',
      hosts: [
        {
          name: 'a',
          image: 'labctl/server',
          build: { context: '/srv/images', dockerfile: 'server/Dockerfile', network: 'none' },
          command: ['sh', '-c', 'sleep $TIME'],
          entrypoint: ['tini', '--'],
          hostname: 'web',
          user: '1000',
          workingDir: '/work',
          environment: { A: '1', B: 'x=y', C: '' },
          attachments: [
            { network: 'lab', aliases: ['web.lab'] },
            { network: 'default', aliases: [] },
          ],
          capDrop: ['ALL'],
          capAdd: ['NET_RAW'],
          securityOpt: ['no-new-privileges:true'],
          pidsLimit: 50,
          memoryLimit: 1.5 * 2 ** 30,
          cpus: 0.5,
          init: true,
          readOnly: true,
          tmpfs: { '/work': 'exec,size=64m' },
          sysctls: { 'net.ipv4.tcp_sack': '0' },
          labels: { course: 'sockets', empty: '' },
        },
      ],
      networks: [
        { name: 'default', internal: false, driverOpts: {}, labels: {} },
        {
          name: 'lab',
          internal: true,
          driverOpts: { 'com.docker.network.bridge.inhibit_ipv4': 'true' },
          labels: {},
        },
      ],
    });
  });

  it('with anchors and merge keys, and the network of services that name none', () => {
    const lab = read('x-h: &h {image: x, cap_add: [KILL]}\nservices:\n  a: *h\n  b:\n    <<: *h\n    image: y\n');
    expect(lab.hosts.map(({ name, image, capAdd }) => [name, image, capAdd])).toEqual([
      ['a', 'x', ['KILL']],
      ['b', 'y', ['KILL']],
    ]);
    expect(lab.hosts[0]?.attachments).toEqual([{ network: 'default', aliases: [] }]);
    expect(lab.networks).toEqual([{ name: 'default', internal: false, driverOpts: {}, labels: {} }]);
  });

  it.each([
    ['64m', 64 * 2 ** 20],
    ['64MB', 64 * 2 ** 20],
    ['65536k', 64 * 2 ** 20],
    ['67108864', 64 * 2 ** 20],
    ['0.5g', 2 ** 29],
  ])('with mem_limit: %s', (size, bytes) =>
    expect(read(service(`mem_limit: ${size}`)).hosts[0]?.memoryLimit).toBe(bytes),
  );

  it('with the name that was given, if it is one', () => {
    expect(readCompose(service(''), '/srv/lab/dc.yml', 'tp2').name).toBe('tp2');
    expect(complaintsText(() => readCompose(service(''), '/srv/lab/dc.yml', '../tp2'))).toContain('"../tp2"');
  });
});

describe('the rest is refused by name and line', () => {
  it.each([
    [
      'ports: ["80:80"]',
      'dc.yml:4:5  "ports" is not supported: labctl publishes no ports; what a lab does stays in the lab',
    ],
    [
      'privileged: true',
      'dc.yml:4:5  "privileged" is not supported: a host gets the capabilities that cap_add names, and no more',
    ],
    ['network_mode: host', 'dc.yml:4:5  "network_mode" is not supported: hosts live on networks of their own lab'],
    [
      'container_name: x',
      'dc.yml:4:5  "container_name" is not supported: several labs run side by side, so names are made from the name of the lab',
    ],
    [
      'build: {context: ., args: {A: 1}}',
      'dc.yml:4:25  "args" is not supported: an image is its folder alone, so that it can be known by its hash',
    ],
    ['build: {context: ., network: host}', 'dc.yml:4:34  "network" must be none, not the text "host"'],
    ['build: https://example.org/x.git', 'dc.yml:4:12  a build context must be a folder of this machine'],
    ['mem_limit: 64x', 'dc.yml:4:16  "mem_limit" must be a size such as 64m or 1g'],
    ['mem_limit: 1m', 'dc.yml:4:16  "mem_limit" must be at least 6m'],
    ['cpus: fast', 'dc.yml:4:11  "cpus" must be a number above 0, such as 0.5'],
    ['pids_limit: many', 'dc.yml:4:17  "pids_limit" must be a number, not the text "many"'],
    ['init: yes', 'dc.yml:4:11  "init" must be true or false, not the text "yes"'],
    ['command: sh -c "a', 'dc.yml:4:14  "command" has a quote that is not closed'],
    ['command: [sleep, 1]', 'dc.yml:4:22  "command" must be text, not the number 1'],
    ['cap_add: NET_ADMIN', 'dc.yml:4:14  "cap_add" must be a list, not the text "NET_ADMIN"'],
    ['tmpfs: work', 'dc.yml:4:12  "tmpfs" must name absolute paths'],
    [
      'environment:\n  A: true\n  B:',
      'dc.yml:5:10  "A" must be text or a number: quote it\ndc.yml:6:7  "B" needs a value: labctl hands nothing of this machine\'s environment to a host',
    ],
    ['environment: [B=1, B=2]', 'dc.yml:4:24  "environment" names B twice'],
    ['labels: {labctl.lab: x}', 'dc.yml:4:14  label "labctl.lab" is kept for labctl and Compose'],
    ['hostname: ${NAME:-a}', 'dc.yml:4:15  variables are not put in: "${NAME:-a}"\n    write the value, or $$ for a $'],
    ['networks: [lab]', 'dc.yml:4:16  unknown network "lab"\n    the file declares no networks'],
  ])('%s', (keys, text) => expect(complaints(service(keys))).toBe(text));

  it.each([
    ['- a\n', 'dc.yml:1:1  must be a map, not a list'],
    ['version: "2.4"\n', 'dc.yml:1:1  "services" is missing'],
    ['services: {}\n', 'dc.yml:1:11  no service: a lab needs a host'],
    ['services:\n  a:\n', 'dc.yml:2:3  "a" must be a map, not empty'],
    ['services:\n  a:\n    build: .\n', 'dc.yml:2:3  "image" is missing in "a"'],
    ['version: 3\nservices: {a: {image: x}}', 'dc.yml:1:10  "version" must be text, not the number 3'],
    [
      'version: "4"\nservices: {a: {image: x}}',
      'dc.yml:1:10  "version" is the text "4": a version is 2, 3, 2.x or 3.x',
    ],
    [
      'services: {a: {image: x}}\nvolumes: {}',
      'dc.yml:2:1  "volumes" is not supported: a host keeps nothing on this machine',
    ],
    [
      'services: {a: {image: x}}\nnetworks:\n  n:\n    driver: overlay\n    ipam: {}\n',
      'dc.yml:4:13  "driver" must be bridge, not the text "overlay"\ndc.yml:5:5  "ipam" is not supported: labctl chooses small free subnets at up, so that several labs fit side by side',
    ],
    [
      'services: {a: {image: x, networks: {n: {ipv4_address: 10.0.0.2}}}}\nnetworks: {n: }',
      'dc.yml:1:41  "ipv4_address" is not supported: labctl chooses the addresses at up',
    ],
    [
      'services: {a: {image: x, networks: [offce]}}\nnetworks: {office: }',
      'dc.yml:1:37  unknown network "offce": did you mean "office"?\n    networks: office',
    ],
    [
      'x-h: &h\n  image: x\n  ports: [1]\nservices:\n  a: *h\n  b: {<<: *h}\n',
      'dc.yml:3:3  "ports" is not supported: labctl publishes no ports; what a lab does stays in the lab',
    ],
  ])('%j', (text, complaint) => expect(complaints(text)).toBe(complaint));

  it('an unknown key is answered with the one that was meant and those that there are', () => {
    expect(complaints(service('mem_limt: 64m'))).toMatch(
      /^dc.yml:4:5 {2}unknown key "mem_limt": did you mean "mem_limit"\?\n {4}keys here: image, build, /,
    );
  });

  it.each(['A', 'a_b', '1a', '../x', 'a;b', 'a-', 'localhost', 'x'.repeat(41)])('no host is called %s', (name) =>
    expect(complaints(`services:\n  ${JSON.stringify(name)}: {image: x}\n`)).toContain(
      `dc.yml:2:3  ${JSON.stringify(name)} cannot be the name of a host`,
    ),
  );
});
