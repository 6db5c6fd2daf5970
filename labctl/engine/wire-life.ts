// The program that holds a wire: it lives as long as its input is open, and takes away what was laid when that ends.

import { LabError } from '../model/lab-error.ts';

/** What it prints once nothing of an earlier run is left. */
export const wireReady = 'ready';

/** Takes away the table and the queues of the ports named in `$ports`; says nothing where there are none. */
const cleanScript = (table: string): string =>
  [
    'clean() {',
    `  nft delete table bridge '${table}'`,
    '  for port in $ports; do tc qdisc del dev "$port" root; done',
    '} 2>/dev/null',
  ].join('\n');

/**
 * A shell script. It is told ports, a line each, and cleans up at the end of its input, which comes at the latest when
 * labctl is gone. Its exit code is 0 when the table is gone too.
 */
export const lifeScript = (table: string): string =>
  [
    'ports=',
    cleanScript(table),
    'command -v nft >/dev/null || { echo "nft: there is no such program"; exit 127; }',
    `clean; echo ${wireReady}`,
    'while read -r port; do ports="$ports $port"; done',
    'clean',
    `! nft list table bridge '${table}' >/dev/null 2>&1`,
  ].join('\n');

export const wireHeld = (lab: string): LabError =>
  new LabError('usage', `another run holds the wire of the lab "${lab}"`, {
    hint: 'let it end, or use a lab of another name: --lab NAME',
  });

export const wireFailed = (words: string): LabError =>
  new LabError('engine', `the network cannot be told what to lose: ${words.trim() || 'the program for it ended'}`, {
    hint: '`labctl doctor`',
  });

export const wireStays = (table: string): LabError =>
  new LabError('engine', `the rules ${table} could not be taken away`, {
    hint: `\`nft delete table bridge ${table}\``,
  });

/** Reads to the end, so that the end is noticed. Never rejects. */
export async function drain(output: AsyncIterator<unknown>): Promise<void> {
  try {
    while (!(await output.next()).done);
  } catch {
    // Whoever waits for the end learns of it all the same.
  }
}

/** Reads until the life script is ready. Throws LabError with its words when it ends before. */
export async function awaitReady(output: AsyncIterator<{ bytes: Uint8Array }>): Promise<void> {
  let said = '';
  while (!said.split('\n').includes(wireReady)) {
    const next = await output.next();
    if (next.done) throw wireFailed(said);
    said += Buffer.from(next.value.bytes).toString();
  }
}
