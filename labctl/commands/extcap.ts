// `labctl extcap`: what Wireshark starts, with its questions as options. No person types it, so help does not list it.

import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RunningLab } from '../engine/engine.ts';
import { exitCodes, LabError } from '../model/lab-error.ts';
import { packageRoot, packageVersion } from '../root.ts';
import type { CapturePlace } from '../run/capture-points.ts';
import type { ExtcapInterface } from '../views/extcap.ts';
import type { Declare } from './declare.ts';
import type { Session } from './session.ts';

export const extcap: Declare = (program, act) => {
  program
    .command('extcap', { hidden: true })
    .argument('[question...]')
    .action(act((session, words) => answer(session, words)));
};

/** Wireshark waits for the list whenever it shows its interfaces; an engine that is slower is not in it. */
const listPatience = 250;
const capturePatience = 5000;

async function answer(session: Session, words: string[]): Promise<number> {
  const view = await import('../views/extcap.ts');
  const question = view.parseExtcap(words);
  const say = (text: string) => void session.io.stdout.write(text);
  if (question.kind === 'links') say(view.linksText());
  else if (question.kind === 'options') say(view.optionsText());
  else if (question.kind === 'interfaces') {
    const found = view.extcapInterfaces(await labs(session, listPatience));
    const help = pathToFileURL(join(packageRoot, 'README.md')).href;
    say(view.interfacesText(found, packageVersion, help));
  } else if (question.kind === 'capture' || question.kind === 'filter') {
    const running = await labs(session, capturePatience);
    const found = view.extcapInterfaces(running).find(({ value }) => value === question.interface);
    if (found === undefined)
      throw new LabError('usage', `no running lab has the interface ${question.interface ?? ''}`, {
        hint: 'refresh the list of interfaces (F5)',
      });
    const lab = running.find(({ name, engine }) => name === found.lab && engine === found.engine) as RunningLab;
    const filter = question.filters.map((text) => (question.filters.length > 1 ? `(${text})` : text)).join(' and ');
    if (question.kind === 'filter') await judgeFilter(session, lab, found, filter);
    else await captureInto(session, { lab, found, filter, fifo: question.fifo ?? '' });
  } else throw new LabError('usage', 'Wireshark starts this command; people type labctl capture');
  return exitCodes.met;
}

async function labs({ io, globals }: Session, patience: number): Promise<RunningLab[]> {
  const { glanceLabs } = await import('../engine/labs.ts');
  const found = await glanceLabs(io.env, patience);
  return found.filter(({ engine }) => globals.engine === undefined || engine === globals.engine);
}

const placeOf = ({ host, network }: ExtcapInterface): CapturePlace => ({ host, interfaces: [], network });

async function engineOf({ io }: Session, { engine }: ExtcapInterface) {
  const { openEngines } = await import('../engine/choose.ts');
  return (await openEngines(io.env, engine === 'docker' ? 'docker' : 'embedded'))[0];
}

/** Wireshark shows what is printed here beside the field, and takes silence for consent. */
async function judgeFilter(session: Session, lab: RunningLab, found: ExtcapInterface, filter: string): Promise<void> {
  const { refuseBadFilter } = await import('../run/live-capture.ts');
  try {
    await refuseBadFilter({ engine: await engineOf(session, found), lab, places: [placeOf(found)], filter });
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    session.io.stdout.write(`${error.message}\n`);
  }
}

interface Order {
  lab: RunningLab;
  found: ExtcapInterface;
  filter: string;
  fifo: string;
}

/** Ends with SIGTERM, which is how Wireshark stops a capture, or when nobody reads the pipe any more. */
async function captureInto(session: Session, { lab, found, filter, fifo }: Order): Promise<void> {
  const { captureLive } = await import('../run/live-capture.ts');
  const pipe = createWriteStream(fifo);
  const gone = new AbortController();
  pipe.on('error', () => gone.abort());
  await captureLive({
    ...{ engine: await engineOf(session, found), lab, places: [placeOf(found)], pulse: 1000 },
    filter: filter === '' ? undefined : filter,
    write: (bytes) =>
      pipe.destroyed || pipe.write(bytes)
        ? undefined
        : new Promise((done) => {
            const settle = () => {
              pipe.off('drain', settle).off('close', settle);
              done();
            };
            pipe.on('drain', settle).on('close', settle);
          }),
    signal: AbortSignal.any([session.io.signal, gone.signal]),
  });
  await new Promise<void>((done) => (pipe.destroyed ? done() : pipe.end(done)));
}
