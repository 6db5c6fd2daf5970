// The configuration profile for lessons, as Wireshark's own files: columns, colours, filter buttons, names of hosts.

/** Name of the profile, and of its folder. */
export const profileName = 'labctl';

/**
 * What the column shows, in the notation of Wireshark's preferences (`%Cus`: a field of the packet), and its width. What
 * labctl says begins within the window of a first start, which is 760 pixels wide.
 */
const columns: { title: string; format: string; pixels: number }[] = [
  { title: 'No.', format: '%m', pixels: 45 },
  { title: 'Time', format: '%t', pixels: 95 },
  { title: 'Source', format: '%s', pixels: 90 },
  { title: 'Destination', format: '%d', pixels: 90 },
  { title: 'Flags', format: '%Cus:tcp.flags.str:0:R', pixels: 100 },
  { title: 'Seq', format: '%Cus:tcp.seq:0:R', pixels: 45 },
  { title: 'Ack', format: '%Cus:tcp.ack:0:R', pixels: 45 },
  { title: 'Bytes', format: '%Cus:tcp.len or udp.length:0:R', pixels: 45 },
  { title: 'labctl', format: '%Cus:frame.comment:0:R', pixels: 560 },
  { title: 'Protocol', format: '%p', pixels: 65 },
  { title: 'Info', format: '%i', pixels: 400 },
];

const preferences = (): string => `# Columns and names for lessons.
gui.column.format:
\t${columns.map(({ title, format }) => `"${title}", "${format}"`).join(',\n\t')}

# Names come from the capture alone: nobody is asked over the network.
nameres.network_name: TRUE
nameres.use_external_name_resolver: FALSE
nameres.dns_pkt_addr_resolution: FALSE
nameres.transport_name: FALSE

tcp.relative_sequence_numbers: TRUE
tcp.analyze_sequence_numbers: TRUE
tcp.check_checksum: TRUE
`;

/** Wireshark itself writes this file when it ends: what windows and columns were like. */
const recent = (): string =>
  `column.width: ${columns.map(({ format, pixels }) => `${format.replace(/:0:R$/, '')}, ${pixels}`).join(', ')}\n`;

/** What labctl's comments say of a packet that never arrived, in each language. */
const lost = 'frame.comment contains "never arrived" or frame.comment contains "jamais arriv"';
const again = 'tcp.analysis.retransmission or tcp.analysis.fast_retransmission or tcp.analysis.spurious_retransmission';

interface Colour {
  name: string;
  filter: string;
  /** Two digits a colour, as HTML writes it. */
  background: string;
  text: string;
}

/** The first that holds counts. Text is dark on light, or light on dark, with a contrast of 4.5 and more. */
const colours: Colour[] = [
  { name: 'lost: never arrived', filter: lost, background: '8b1a1a', text: 'ffffff' },
  { name: 'RST', filter: 'tcp.flags.reset == 1', background: 'f4c7c3', text: '7a0000' },
  { name: 'sent again', filter: again, background: 'ffd8a8', text: '5f3300' },
  {
    name: 'window full or zero',
    filter: 'tcp.window_size_value == 0 or tcp.analysis.window_full',
    background: 'e6d3f5',
    text: '3d1466',
  },
  { name: 'SYN', filter: 'tcp.flags.syn == 1', background: 'c9e7cb', text: '0f3d14' },
  { name: 'FIN', filter: 'tcp.flags.fin == 1', background: 'd5d8dc', text: '1f2933' },
  { name: 'bytes', filter: 'tcp.len > 0', background: 'd3e5fa', text: '0b2f5b' },
  { name: 'ICMP', filter: 'icmp or icmpv6', background: 'fff3bf', text: '4a3b00' },
  { name: 'ARP', filter: 'arp', background: 'f1efe8', text: '5a564a' },
];

/** Sixteen bits a colour, in decimal, as `colorfilters` has it. */
const rgb = (hex: string): string => [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) * 257).join(',');

const colourText = ({ name, filter, background, text }: Colour): string =>
  `@${name}@${filter}@[${rgb(background)}][${rgb(text)}]`;

const buttons: [label: string, filter: string][] = [
  ['lost', lost],
  ['sent again', again],
  ['open', 'tcp.flags.syn == 1'],
  ['bytes', 'tcp.len > 0'],
  ['close', 'tcp.flags.fin == 1 or tcp.flags.reset == 1'],
];

const quoted = (text: string): string => `"${text.replaceAll('"', '\\x22')}"`;

/** File name in the profile's folder → content. */
export const profileFiles = (): Record<string, string> => ({
  preferences: preferences(),
  recent: recent(),
  colorfilters: `${colours.map(colourText).join('\n')}\n`,
  dfilter_buttons: `${buttons.map(([label, filter]) => `"TRUE",${quoted(label)},${quoted(filter)},""`).join('\n')}\n`,
});
