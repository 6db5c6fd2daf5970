// ss in a host, again and again while something else happens there.

import type { Host, RunningProgram } from '../labctl/engine/engine.ts';
import { parseSockets } from '../labctl/evidence/ss.ts';
import type { SocketRow } from '../labctl/model/look.ts';

/** ss over and over until its standard input ends: begin, end and table of each sample. */
const sampler = `
import select, subprocess, sys, time
while not select.select([0], [], [], 0.002)[0]:
    began = time.time()
    text = subprocess.run(['ss', '-HOantiep'], stdout=subprocess.PIPE).stdout.decode()
    sys.stdout.write('%.6f %.6f\\n%s\\0' % (began, time.time(), text))
sys.stdout.flush()
`;

export interface Sample {
  host: string;
  from: number;
  until: number;
  rows: SocketRow[];
}

/** Samples until the program's standard input ends; then there is all of its text. */
export async function sampling(host: Host): Promise<{ program: RunningProgram; text: Promise<string> }> {
  const program = await host.spawn(['python3', '-I', '-c', sampler]);
  const read = async (): Promise<string> => {
    const chunks: Buffer[] = [];
    for await (const { stream, bytes } of program.output) if (stream === 'stdout') chunks.push(Buffer.from(bytes));
    return Buffer.concat(chunks).toString();
  };
  return { program, text: read() };
}

/** The samples in a sampler's text. */
export const samplesOf = (host: string, text: string): Sample[] =>
  text
    .split('\0')
    .filter(Boolean)
    .map((one) => {
      const [times = '', ...lines] = one.split('\n');
      const [from = 0, until = 0] = times.split(' ').map((seconds) => Math.round(Number(seconds) * 1_000_000));
      // Without -u, ss leaves the column of the protocol out.
      return {
        host,
        from,
        until,
        rows: parseSockets(lines.map((line) => line && `tcp ${line}`).join('\n')).filter((row) => !row.engineOwned),
      };
    });
