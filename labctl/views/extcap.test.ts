import { describe, expect, it } from 'vitest';
import { extcapInterfaces, interfacesText, linksText, optionsText, parseExtcap } from './extcap.ts';

const lab = (name: string, engine: string) => ({
  ...{ name, engine },
  hosts: [
    {
      ...{ name: 'server', state: 'running' },
      addresses: [
        { network: 'lab', address: '10.213.0.2' },
        { network: 'office', address: '10.213.0.18' },
      ],
    },
    { name: 'client1', state: 'exited', addresses: [] },
  ],
});

describe('extcap', () => {
  it('lists every interface of every running host', () => {
    expect(interfacesText(extcapInterfaces([lab('tcp', 'docker')]), '0.1.0', 'file:///x')).toBe(
      `extcap {version=0.1.0}{help=file:///x}
interface {value=labctl-tcp-server-lab}{display=server on lab (10.213.0.2), lab tcp}
interface {value=labctl-tcp-server-office}{display=server on office (10.213.0.18), lab tcp}
interface {value=labctl-tcp-server-loopback}{display=server on loopback (127.0.0.1), lab tcp}
control {number=0}{type=button}{role=help}{display=labctl}{tooltip=What labctl captures, and how}
`,
    );
  });

  it('tells labs of one name on two engines apart', () => {
    const values = extcapInterfaces([lab('tcp', 'docker'), lab('tcp', 'embedded')]).map(({ value }) => value);
    expect(new Set(values).size).toBe(6);
    expect(values[0]).toBe('labctl-tcp-docker-server-lab');
  });

  it('describes the link and the field for a filter', () => {
    expect(linksText()).toBe('dlt {number=1}{name=EN10MB}{display=Ethernet}\n');
    expect(optionsText()).toMatch(/^arg \{number=0\}\{call=--filter\}\{display=Capture filter\}\{type=string\}/);
  });

  it.each([
    [['--extcap-interfaces', '--extcap-version=4.0'], { kind: 'interfaces', filters: [] }],
    [['--extcap-dlts', '--extcap-interface', 'labctl-a'], { kind: 'links', interface: 'labctl-a', filters: [] }],
    [['--extcap-config', '--extcap-interface', 'labctl-a'], { kind: 'options', interface: 'labctl-a', filters: [] }],
    [
      ['--extcap-interface', 'labctl-a', '--extcap-capture-filter', 'tcp port 5000'],
      { kind: 'filter', interface: 'labctl-a', filters: ['tcp port 5000'] },
    ],
    [
      ['--capture', '--extcap-interface=a', '--fifo', '/tmp/f', '--extcap-capture-filter=tcp', '--filter', 'port 1'],
      { kind: 'capture', interface: 'a', fifo: '/tmp/f', filters: ['tcp', 'port 1'] },
    ],
    [['--capture', '--filter', '', '--fifo', '/tmp/f'], { kind: 'capture', fifo: '/tmp/f', filters: [] }],
    [[], { kind: 'unknown', filters: [] }],
  ])('reads %j', (argv, question) => expect(parseExtcap(argv)).toEqual(question));
});
