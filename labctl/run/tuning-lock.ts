// One run at a time may have the hosts of a lab made anew: it holds a name on this machine, which ends with its process, and
// tells whoever wants it too whose it is.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Engine } from '../engine/engine.ts';
import { LabError } from '../model/lab-error.ts';
import { checkAllFree } from './held.ts';

/** A socket without an address in the file system (unix(7), "Abstract sockets"): nothing is left of it, whatever ends us. */
const nameOf = (engine: string, lab: string): string =>
  `\0labctl-tuning-${createHash('sha256').update(`${engine} ${lab}`).digest('hex').slice(0, 32)}`;

/** Milliseconds until a holder that does not answer is taken for stopped. */
const patience = 1000;

/** What the holder says of itself; undefined where there is none. */
export function tunerOf(engine: string, lab: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(nameOf(engine, lab));
    socket.setEncoding('utf8').on('data', (text: string) => (said += text));
    socket.setTimeout(patience, () => socket.destroy());
    socket.once('close', (failed) => resolve(failed ? undefined : said));
    socket.once('error', () => undefined);
  });
}

const tunedBy = (lab: string, holder: string): LabError =>
  new LabError('usage', `another run is at work on the lab "${lab}": ${holder}`, {
    hint: 'let it end, or use a lab of another name: --lab NAME',
  });

/** Gives what lets go of it. Throws LabError `usage` while another run holds it; where there are no such names, nobody does. */
export async function holdTuning(engine: string, lab: string, holder: string): Promise<() => void> {
  const server = createServer((socket) => socket.on('error', () => undefined).end(holder));
  try {
    server.listen(nameOf(engine, lab));
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return () => undefined;
    throw tunedBy(lab, (await tunerOf(engine, lab)) || 'it does not say whose');
  }
  server.unref();
  return () => void server.close();
}

/** For whoever would make hosts anew. Throws LabError `usage` while a run is at work on them, or about to be. */
export async function checkUntouched(engine: Engine, lab: string, hosts: readonly string[]): Promise<void> {
  const holder = await tunerOf(engine.name, lab);
  if (holder !== undefined) throw tunedBy(lab, holder);
  await checkAllFree(engine, lab, hosts);
}
