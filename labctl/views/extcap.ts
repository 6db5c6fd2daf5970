// The words in which Wireshark asks a plug-in for its interfaces, and is answered: extcap(4), read and written as text.

/** One interface that Wireshark can capture: a host of a lab on one of its networks. */
export interface ExtcapInterface {
  /** What Wireshark calls it: `labctl-LAB-HOST-NETWORK`. */
  value: string;
  display: string;
  lab: string;
  engine: string;
  host: string;
  network: string;
}

/** The parts of a running lab that matter here. */
interface Lab {
  name: string;
  engine: string;
  hosts: { name: string; state: string; addresses: { network: string; address: string }[] }[];
}

const loopback = { network: 'loopback', address: '127.0.0.1' };

/** Every host interface of every running lab. Two engines may have labs of one name: those say which. */
export function extcapInterfaces(labs: readonly Lab[]): ExtcapInterface[] {
  return labs.flatMap(({ name: lab, engine, hosts }) => {
    const twice = labs.filter(({ name }) => name === lab).length > 1;
    const known = twice ? `${lab}-${engine}` : lab;
    return hosts
      .filter(({ state }) => state === 'running')
      .flatMap(({ name: host, addresses }) =>
        [...addresses, loopback].map(({ network, address }) => ({
          ...{ lab, engine, host, network },
          value: `labctl-${known}-${host}-${network}`,
          display: `${host} on ${network} (${address}), lab ${known}`,
        })),
      );
  });
}

/** Braces would end a sentence of extcap. */
const plain = (text: string): string => text.replace(/[{}\n]/g, ' ');

const sentence = (kind: string, fields: Record<string, string | number>): string =>
  `${kind} ${Object.entries(fields)
    .map(([name, value]) => `{${name}=${plain(String(value))}}`)
    .join('')}`;

/** The answer to `--extcap-interfaces`; the help is behind the button of the toolbar and of the options. */
export const interfacesText = (found: readonly ExtcapInterface[], version: string, help: string): string =>
  [
    sentence('extcap', { version, help }),
    ...found.map(({ value, display }) => sentence('interface', { value, display })),
    sentence('control', {
      ...{ number: 0, type: 'button', role: 'help', display: 'labctl' },
      tooltip: 'What labctl captures, and how',
    }),
    '',
  ].join('\n');

/** The answer to `--extcap-dlts`: everything in a lab is Ethernet. */
export const linksText = (): string => `${sentence('dlt', { number: 1, name: 'EN10MB', display: 'Ethernet' })}\n`;

/** The answer to `--extcap-config`: what can be chosen before a capture begins. */
export const optionsText = (): string =>
  `${sentence('arg', {
    ...{ number: 0, call: '--filter', display: 'Capture filter', type: 'string', group: 'Capture' },
    tooltip: 'In the language of tcpdump, for example: tcp port 5000 (empty: everything)',
    placeholder: 'tcp port 5000',
  })}\n`;

/** What Wireshark asks for. */
export interface ExtcapQuestion {
  kind: 'interfaces' | 'links' | 'options' | 'capture' | 'filter' | 'unknown';
  interface?: string;
  fifo?: string;
  /** All of them must hold. */
  filters: string[];
}

const kinds: [option: string, kind: ExtcapQuestion['kind']][] = [
  ['extcap-interfaces', 'interfaces'],
  ['extcap-dlts', 'links'],
  ['extcap-config', 'options'],
  ['capture', 'capture'],
  ['extcap-capture-filter', 'filter'],
];

/** Reads the options of one call; both `--name value` and `--name=value` are in use. */
export function parseExtcap(argv: readonly string[]): ExtcapQuestion {
  const options = new Map<string, string>();
  for (let at = 0; at < argv.length; at += 1) {
    const [, name = '', value] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(argv[at] ?? '') ?? [];
    const next = argv[at + 1];
    const follows = value === undefined && next !== undefined && !next.startsWith('--');
    options.set(name, value ?? (follows ? next : ''));
    if (follows) at += 1;
  }
  const filters = ['extcap-capture-filter', 'filter'].map((name) => options.get(name)?.trim() ?? '');
  return {
    kind: kinds.find(([option]) => options.has(option))?.[1] ?? 'unknown',
    ...(options.has('extcap-interface') ? { interface: options.get('extcap-interface') } : {}),
    ...(options.has('fifo') ? { fifo: options.get('fifo') } : {}),
    filters: filters.filter((text) => text !== ''),
  };
}
