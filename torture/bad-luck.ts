// Bad luck, one kind after the other: an engine that dies, hosts that are killed, paused or out of memory, a network that is
// taken away, full disks. Each must end in a sentence that names what happened, keep what was recorded, and leave a lab
// that `down` takes away and `up` mends. Docker's part happens to a dockerd of the script's own. For root.

import type { ChildProcess } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { matching } from './arguments.ts';
import { type Misfortune, misfortunes } from './misfortunes.ts';
import { OwnDockerd } from './own-dockerd.ts';
import { say } from './say.ts';
import { type Ended, hasStack, Workplace } from './workplace.ts';

/** One connection that is open while the last step waits: whatever happens, happens then. */
const waiting = `
title: { en: "A connection that waits", fr: "Une connexion qui attend" }
about: { en: "While it waits, something happens.", fr: "Pendant ce temps, quelque chose arrive." }
hosts: [server, client1]
steps:
  - { start: s, on: server, run: server, until: { listens: 5000 } }
  - { start: c, on: client1, run: client, until: { prints: connected } }
  - { type: before, into: c }
  - { answer: before, from: c }
  - { name: meanwhile, silence: 6s, from: c }
expect:
  - id: open
    say: { en: "It was open.", fr: "Elle était ouverte." }
    segments: [client1 > server.5000 S, server.5000 > client1 S., client1 > server.5000 .]
    of: c
`;

/** A program of the host's own user that takes memory without end. */
const eater = `
title: { en: "A program that takes all memory", fr: "Un programme qui prend toute la mémoire" }
about: { en: "It is killed.", fr: "Il est tué." }
hosts: [client1]
steps:
  - start: eater
    on: client1
    run: [python3, -c, "x = [bytearray(10_000_000) for _ in range(1000)]"]
  - { exit: eater, code: 0, within: 30s }
`;

/** How long (s) a command may go on after what happened to it. */
const patience = 40;

/** Recorded before the misfortune: it must be there, readable, with the packets of the handshake at both hosts. */
async function recordedFaults(place: Workplace, before: readonly string[]): Promise<string[]> {
  const [run] = place.runs().filter((name) => !before.includes(name));
  if (run === undefined) return ['no run was kept'];
  const shown = await place.labctl('show', run, '--json');
  if (![0, 1, 4].includes(shown.code ?? -1)) return [`show ${run} ended with ${shown.code}: ${shown.text.slice(-200)}`];
  const { passages } = JSON.parse(shown.stdout) as { passages: { sent?: unknown; arrived?: unknown }[] };
  const whole = passages.filter(({ sent, arrived }) => sent !== undefined && arrived !== undefined);
  return whole.length < 3 ? [`show ${run}: ${whole.length} packets seen at both hosts`] : [];
}

function endFaults({ codes, says }: Misfortune, { code, text, seconds }: Ended): string[] {
  return [
    ...(codes.includes(code ?? -1) ? [] : [`it ended with ${code}`]),
    ...(hasStack(text) ? ['a stack trace'] : []),
    ...(says.test(text.replace(/\s+/g, ' ')) ? [] : [`it did not say ${says}`]),
    ...(seconds > patience ? [`it took ${seconds.toFixed(1)} s`] : []),
  ];
}

/** The last paragraph that tells what happened, else the last line. */
function sentence({ stdout, stderr }: Ended, says: RegExp): string {
  // A long line goes on in the next one, indented.
  const lines = (stderr || stdout)
    .trim()
    .replace(/\n {2,}(?=[^\s→])/g, ' ')
    .split('\n');
  return (lines.findLast((line) => says.test(line)) ?? lines.at(-1) ?? '').trim().replace(/\s+/g, ' ');
}

const leftovers = (own: OwnDockerd, place: Workplace): string[] => [
  ...own.docker('ps', '--all', '--format', 'container {{.Names}}').split('\n').filter(Boolean),
  ...own
    .docker('network', 'ls', '--filter', `name=${place.lab}`, '--format', 'network {{.Name}}')
    .split('\n')
    .filter(Boolean),
  ...own
    .inside('nft list tables bridge')
    .split('\n')
    .filter((line) => line.includes('labctl')),
  ...readdirSync(join(place.folder, 'tmp')).map((name) => `temporary file ${name}`),
];

/** Settles when the child has printed something like that; at once where nothing is awaited. */
const heard = (child: ChildProcess, what: RegExp | undefined): Promise<void> =>
  new Promise((resolve) => {
    let text = '';
    const hear = (chunk: Buffer) => {
      text += chunk;
      if (what?.test(text)) resolve();
    };
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', hear);
    if (what === undefined) resolve();
  });

async function suffered(one: Misfortune, own: OwnDockerd, place: Workplace): Promise<string[]> {
  const found: string[] = [];
  if (one.lab !== 'down') found.push(...(await place.must('up')));
  const before = place.runs();
  await one.before?.(own, place);
  const { child, ended } = place.start(one.argv);
  await Promise.race([one.moment === 'meanwhile' ? place.event('"meanwhile"') : heard(child, one.moment), ended]);
  await one.happens(own, place, child);
  const outcome = await ended;
  found.push(...endFaults(one, outcome));
  await one.mend?.(own, place);
  if (one.records) found.push(...(await recordedFaults(place, before)));
  const up = await place.labctl('up');
  if (up.code !== 0) found.push(`up afterwards ended with ${up.code}: ${up.text.slice(-300)}`);
  found.push(...(await place.must('exec', 'client1', 'getent', 'hosts', 'server')), ...(await place.must('down')));
  found.push(...leftovers(own, place).map((left) => `left: ${left}`));
  say(
    `| ${one.name} | ${outcome.code} | ${sentence(outcome, one.says).replaceAll('|', '/')} | ${found.length === 0 ? 'as it should be' : found.join('; ').replaceAll('\n', ' ')} |`,
  );
  return found;
}

/** `[words of names …]`: only misfortunes that are called so; true when each ended well. */
export async function badLuck(words: string[]): Promise<boolean> {
  const names = matching(
    misfortunes.map(({ name }) => name),
    words,
    'kind of bad luck',
  );
  await using own = await OwnDockerd.start(['labctl/base', 'labctl/server', 'labctl/client'], 2500);
  using place = new Workplace(`labctl-luck-${process.pid}`, 'docker', { DOCKER_HOST: own.address });
  writeFileSync(join(place.folder, 'waiting.yml'), waiting);
  writeFileSync(join(place.folder, 'eater.yml'), eater);
  say('| what happens | exit code | labctl says | then |\n| --- | --- | --- | --- |');
  let failed = 0;
  const chosen = misfortunes.filter(({ name }) => names.includes(name));
  for (const one of chosen) if ((await suffered(one, own, place)).length > 0) failed++;
  say(`${chosen.length} kinds of bad luck: ${failed} with faults`);
  return failed === 0;
}
