// The clock is set while a run goes on, an hour ahead and an hour back, in a virtual machine whose clock is nobody else's:
// the report must say so before everything else, by how much, and what was recorded must be read.

import { analyse } from '../labctl/analysis/analyse.ts';
import { readRun } from '../labctl/folder/read-run.ts';
import type { Report } from '../labctl/model/report.ts';
import { shortcomings } from '../labctl/views/shortcomings.ts';
import { nothingMore } from './arguments.ts';
import { inMachine, labctlThere } from './machine.ts';
import { say } from './say.ts';

/** Segments before and after: a conversation that is open while the clock is set. */
const scenario = `title: { en: A clock, fr: Une horloge }
about: { en: It is set meanwhile., fr: On la change pendant ce temps. }
hosts: [server, client1]
steps:
  - { start: s, on: server, run: server, until: { listens: 5000 } }
  - { start: c, on: client1, run: client, until: { prints: connected } }
  - { type: before, into: c }
  - { answer: before, from: c }
  - { name: meanwhile, silence: 8s, from: c }
  - { type: after, into: c }
  - { answer: after, from: c }
  - { close: c }
  - { exit: c, code: 0, within: 60s }
expect:
  - id: open
    say: { en: It was opened., fr: Elle a été ouverte. }
    segments: [client1 > server.5000 S, server.5000 > client1 S., client1 > server.5000 .]
    of: c
`;

const hour = 3600;

/** Sets the clock by so many seconds as soon as the run waits, and shows what labctl says of the run. */
const trial = (by: number): string => `
${labctlThere} run /here/clock.yml >/here/said 2>&1 & run=$!
until grep -qs '"meanwhile"' /here/labctl/runs/there/*.part/events.jsonl; do sleep 0.1; done
date -s "@$(($(date +%s) + ${by}))" >/dev/null
wait $run; echo "== ${by}: it ended with $?"; cat /here/said
${labctlThere} show | head -20
`;

/** What is wrong with the report of a run whose clock was set by so many seconds. */
function faults(report: Report, by: number): string[] {
  const { events, passages, conversations, verdict } = report;
  const [first = ''] = shortcomings(report, 'en');
  const steps = events.flatMap((event) => (event.kind === 'clock-stepped' ? [event.by / 1e6] : []));
  const both = passages.filter(({ sent, arrived, tcp }) => tcp && sent && arrived).length;
  say(`set by ${by} s: told ${steps.join(', ')} s; ${both} segments at both hosts, ${verdict}`);
  return [
    ...(steps.length === 1 && Math.abs((steps[0] ?? 0) - by) < 2 ? [] : [`it was set by ${by} s once`]),
    // Set back, what came after stands before: what belongs together cannot be told by time any more, and that is said.
    ...(conversations.length === 1 || by < 0 ? [] : [`${conversations.length} conversations`]),
    ...(first.includes('clock jumped by') ? [] : ['it is not said before everything else']),
    ...(both >= 9 ? [] : ['segments are missing']),
  ];
}

/** True when each jump of the clock is told, and nothing was lost by it. */
export function clock(argv: string[]): Promise<boolean> {
  nothingMore(argv);
  const jumps = [hour, -hour];
  const job = [`${labctlThere} up`, ...jumps.map(trial), `${labctlThere} down`].join('\n');
  return inMachine({ 'clock.yml': scenario }, job, async ({ kernel, printed, runs }) => {
    say(`Linux ${kernel}\n${printed}`);
    if (runs.length !== jumps.length) throw new Error(`${runs.length} runs came out of the machine`);
    const reports = await Promise.all(runs.map(async (folder) => analyse(await readRun(folder))));
    const found = reports.flatMap((report, at) => faults(report, jumps[at] ?? 0));
    for (const fault of found) say(`fault: ${fault}`);
    return found.length === 0;
  });
}
