// The recorder's first words: who it is, which interfaces it captures, how the host's kernel is set.

export interface CapturedInterface {
  /** Channel on which its packets come. */
  channel: number;
  name: string;
  mac: string;
  addresses: string[];
}

export interface Hello {
  pid: number;
  /** The recorder's session: its own tools can be left out of process tables. */
  session: number;
  kernel: string;
  /** Where it makes FIFOs; gone when it is. */
  folder: string;
  interfaces: CapturedInterface[];
  /** net.ipv4.tcp_* and ip_local_port_range. */
  sysctls: Record<string, string>;
}

function interfaceOf(text: string): CapturedInterface {
  const [channel, name = '', mac = '', ...addresses] = text.split(' ');
  return { channel: Number(channel), name, mac, addresses: addresses.filter(Boolean) };
}

/** Reads the `key=value` lines of a hello; keys it does not know are left out. */
export function parseHello(text: string): Hello {
  const pairs = text.split('\n').map((line) => /^(\w+)=(.*)$/.exec(line)?.slice(1) ?? []);
  const all = (key: string) => pairs.filter(([name]) => name === key).map(([, value = '']) => value);
  const one = (key: string) => all(key)[0] ?? '';
  return {
    pid: Number(one('pid')),
    session: Number(one('session')),
    kernel: one('kernel'),
    folder: one('folder'),
    interfaces: all('interface').map(interfaceOf),
    sysctls: Object.fromEntries(all('sysctl').map((line) => [line.split(' ', 1)[0] ?? '', line.replace(/^\S+ /, '')])),
  };
}

export interface CaptureCounts {
  captured: number;
  received: number;
  dropped: number;
}

/** tcpdump's last words: `2 packets captured`, `… received by filter`, `… dropped by kernel`; undefined if it died without. */
export function parseCaptureCounts(words: string): CaptureCounts | undefined {
  const count = (what: string) => new RegExp(`^(\\d+) packets? ${what}`, 'm').exec(words)?.[1];
  const [captured, received, dropped] = ['captured', 'received by filter', 'dropped by kernel'].map(count);
  if (captured === undefined || dropped === undefined) return undefined;
  return { captured: Number(captured), received: Number(received ?? captured), dropped: Number(dropped) };
}
