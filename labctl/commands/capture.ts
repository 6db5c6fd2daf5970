// `labctl capture`: the packets of hosts while they come, as pcapng into a file or into Wireshark.

import { Socket } from 'node:net';
import { resolve } from 'node:path';
import { exitCodes, LabError } from '../model/lab-error.ts';
import { type Declare, examples } from './declare.ts';
import { runningHosts } from './hosts.ts';
import type { Io } from './io.ts';
import type { Session } from './session.ts';

interface CaptureFlags {
  filter?: string;
  write?: string;
}

export const capture: Declare = (program, act) => {
  program
    .command('capture')
    .description('capture hosts of the running lab, live, until Ctrl-C or until nobody reads any more; prints pcapng')
    .argument('<hosts>', 'HOST or HOST/INTERFACE, several with commas; each interface is one of the stream’s')
    .option('--filter <expression>', 'only what tcpdump’s filter lets through, e.g. "tcp port 5000"')
    .option('-w, --write <file>', 'into this file; - is standard output', '-')
    .addHelpText(
      'after',
      examples(
        ['labctl capture server | wireshark -k -i -', 'live in Wireshark'],
        ['labctl capture server | tshark -r -', 'live in the terminal'],
        ['labctl capture client1,server -w both.pcapng', 'both ends in one file'],
        ['labctl capture server/lo --filter "tcp port 5000" -w lo.pcapng', 'what a host says to itself'],
      ),
    )
    .addHelpText(
      'after',
      '\nWith several hosts a packet is there once for each that saw it, and Wireshark takes the second for a\nretransmission: frame.interface_name == "server/eth0" shows one host’s view.',
    )
    .action(act(runCapture));
};

async function runCapture(session: Session, named: string, flags: CaptureFlags): Promise<number> {
  const { io } = session;
  const output =
    flags.write === undefined || flags.write === '-' ? streamOf(session, named) : fileOf(session, flags.write);
  const [{ captureLive }, { parsePlaces }, { captureBegins, captureEnds }] = await Promise.all([
    import('../run/live-capture.ts'),
    import('../run/capture-points.ts'),
    import('../views/progress.ts'),
  ]);
  const places = parsePlaces(named);
  const names = places.map(({ host }) => host);
  const [lab, engine] = [await runningHosts(session, names), await session.engine()];
  const totals = await captureLive({
    ...{ engine, lab, places, filter: flags.filter, signal: io.signal, ...output },
    onStarted: (points) => session.note(captureBegins(points, session.errorStyle())),
  });
  await output.end?.(totals);
  session.note(captureEnds(totals, session.errorStyle()));
  return exitCodes.met;
}

interface Output {
  write: (bytes: Uint8Array) => void | Promise<void>;
  pulse?: number;
  end?: (totals: readonly object[]) => Promise<void>;
}

/** A reader that has gone is noticed within so many milliseconds. */
const pulse = 1000;

function streamOf({ io, json }: Session, named: string): Output {
  if (io.stdout.isTTY)
    throw new LabError('usage', 'packets are no text: a terminal cannot show them', {
      hint: `labctl capture ${named} | tshark -r -   (or: | wireshark -k -i -   or: -w FILE)`,
    });
  if (json) throw new LabError('usage', '--json needs standard output for itself', { hint: '-w FILE' });
  return { write: (bytes) => written(io, bytes), ...(io.stdout instanceof Socket ? { pulse } : {}) };
}

/** Settles when there is room for more, or when nobody wants it. */
function written({ stdout, signal }: Io, bytes: Uint8Array): void | Promise<void> {
  if (stdout.destroyed || stdout.write(bytes) || signal.aborted) return undefined;
  return new Promise((done) => {
    const settle = () => {
      stdout.off('drain', settle).off('close', settle);
      signal.removeEventListener('abort', settle);
      done();
    };
    stdout.on('drain', settle).on('close', settle);
    signal.addEventListener('abort', settle);
  });
}

/** Opened by the first write: what is refused before must not empty a file. */
function fileOf(session: Session, name: string): Output {
  const path = resolve(session.io.cwd, name);
  const open = async () => (await import('../folder/growing-file.ts')).captureFile(path);
  let file: ReturnType<typeof open> | undefined;
  return {
    write: async (bytes) => {
      file ??= open();
      await (await file).write(bytes);
    },
    end: async (interfaces) => {
      await (await file)?.end();
      if (session.json) session.outJson({ file: path, interfaces });
    },
  };
}
