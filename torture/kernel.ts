// labctl on a kernel that this machine does not run: Debian's own, in a virtual machine. What needs netem is tried there:
// delay, jitter and reordering, and the times that they must make; and limits where control groups are of version 2 and
// nobody but root is in charge of them. Two minutes without KVM.

import { analyse } from '../labctl/analysis/analyse.ts';
import { readRun } from '../labctl/folder/read-run.ts';
import type { Passage, Report } from '../labctl/model/report.ts';
import { nothingMore } from './arguments.ts';
import { greedy, held, limited } from './limits.ts';
import { inMachine, labctlThere } from './machine.ts';
import { say } from './say.ts';

const burst =
  'import socket, time; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); a = (socket.gethostbyname("server"), 5001); [(s.sendto(b"%d" % i, a), time.sleep(0.01)) for i in range(60)]; time.sleep(1)';
const scenario = `title: { en: far, fr: loin }
about: { en: far, fr: loin }
hosts: [server, client1]
wire:
  - { rule: far, delay: 150ms, to: server }
steps:
  - { start: s, on: server, run: server, until: { listens: 5000 } }
  - { start: c, on: client1, run: client, until: { prints: connected } }
  - { type: a, into: c }
  - { answer: a, from: c }
  - { close: c }
  - { exit: c, within: 60s }
  - wire: [{ remove: far }, { rule: mixed, delay: 100ms, jitter: 30ms, reorder: 25, to: server }]
  - { start: us, on: server, run: udp-server 5001, until: { listens: 5001 } }
  - { start: u, on: client1, run: [python3, -c, '${burst}'] }
  - { exit: u, within: 120s }
expect:
  - id: slow
    say: { en: The handshake takes as long as the way., fr: La poignée de main dure ce que dure le trajet. }
    segments: [client1 > server.5000 S, server.5000 > client1 S.]
    of: c
`;

const milliseconds = ({ sent, arrived }: Passage): number => ((arrived?.at ?? Infinity) - (sent?.at ?? 0)) / 1000;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** What is wrong with the times of that scenario; what was measured is said. */
function wrongTimes({ passages, run, verdict }: Report): string[] {
  const there = passages.filter(({ from, to }) => from === 'client1' && to === 'server');
  const slow = there.filter(({ tcp }) => tcp).map(milliseconds);
  const mixed = there.filter(({ udp }) => udp).map(milliseconds);
  const back = passages.filter(({ from, tcp }) => from === 'server' && tcp).map(milliseconds);
  const overtaking = mixed.filter((one) => one < 50);
  const delayed = mixed.filter((one) => one >= 50);
  say(
    `delay 150 ms: ${slow.length} segments, ${Math.min(...slow)} to ${Math.max(...slow)} ms; back ${median(back)} ms`,
  );
  say(`delay 100 ms, jitter 30 ms: ${delayed.length} datagrams, ${Math.min(...delayed)} to ${Math.max(...delayed)} ms`);
  say(`reorder 25 %: ${overtaking.length} of ${mixed.length} overtake`);
  const checks: [boolean, string][] = [
    [slow.length >= 5 && Math.min(...slow) >= 150 && median(slow) < 170, 'the delay is not 150 ms'],
    [median(back) < 20, 'the way back is delayed too'],
    [Math.min(...delayed) >= 69 && median(delayed) > 80 && median(delayed) < 130, 'the jitter is not 30 ms around 100'],
    [mixed.length === 60 && overtaking.length > 4 && overtaking.length < 30, 'it is not a quarter that overtakes'],
    [passages.some((one) => one.udp && one.overtakenBy), 'nothing is told to be out of order'],
    [verdict === 'met' && run.wire?.length === 2 && run.wire.every(({ hit }) => hit > 0), 'the run is not met'],
  ];
  return checks.flatMap(([holds, fault]) => (holds ? [] : [fault]));
}

/** Has a lab's server ask for more than it may have. What came out is printed in chapters, what is left of the groups last. */
const greed = [
  `echo '@up'; ${labctlThere} up --json 2>/dev/null`,
  ...limited.map((one) => `echo '@${one}'; ${labctlThere} exec server -- python3 -c '${greedy[one]}' 2>/dev/null`),
  `echo '@down'; ${labctlThere} down; echo '@left'; find /sys/fs/cgroup/labctl -mindepth 1 -type d`,
].join('\n');

/** What is wrong with those limits. */
function wrongLimits(printed: string): string[] {
  const chapters = new Map(printed.split(/^@/m).map((text) => [text.split('\n', 1)[0], text.replace(/^.*\n/, '')]));
  const text = (name: string): string => chapters.get(name) ?? '';
  const { limits } = (JSON.parse(text('up')) as { lab: { limits: Record<string, string> } }).lab;
  say(`limits: ${JSON.stringify(limits)}`);
  return [
    ...limited.filter((limit) => limits[limit] !== 'host').map((limit) => `${limit}: not limited for a host`),
    ...limited
      .filter((limit) => !held(limit, text(limit)))
      .map((limit) => `${limit}: a host has more than it may have`),
    ...(text('left').trim() === '' ? [] : [`control groups are left: ${text('left')}`]),
  ];
}

/** True when limits hold and the times in a lab with netem are those that its rules ask for. */
export function otherKernel(argv: string[]): Promise<boolean> {
  nothingMore(argv);
  const job = `${labctlThere} run /here/far.yml; ${labctlThere} down\n${greed}\n`;
  return inMachine({ 'far.yml': scenario }, job, async ({ kernel, printed, runs: [folder] }) => {
    say(`Linux ${kernel}`);
    if (folder === undefined) throw new Error(`no run came out of the machine:\n${printed}`);
    const faults = [...wrongTimes(analyse(await readRun(folder))), ...wrongLimits(printed)];
    for (const fault of faults) say(fault);
    if (faults.length > 0) say(printed);
    return faults.length === 0;
  });
}
