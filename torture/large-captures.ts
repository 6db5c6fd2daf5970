// Shows captures of the worst kinds, each in its three forms, and watches how much memory that takes at most.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peakOf } from '../bench/peak.ts';
import { packageRoot } from '../labctl/root.ts';
import { matching, numberOf } from './arguments.ts';
import { say } from './say.ts';
import { wideCaptures, writeWide } from './wide-captures.ts';

/** Issue: whatever the file, no more than this. */
const mostMegabytes = 200;
const forms = [['--jsonl', 'conversations'], ['--jsonl', 'packets'], ['--text']];

/** `[count = 1000000] [words …]`; true when each was shown to its end, and memory stayed under 200 MB. */
export async function largeCaptures([count = '1000000', ...words]: string[]): Promise<boolean> {
  const many = numberOf(count, 'count');
  const folder = mkdtempSync(join(tmpdir(), 'labctl-large-'));
  const file = join(folder, 'large.pcap');
  let faults = 0;
  try {
    for (const name of matching(Object.keys(wideCaptures), words, 'capture')) {
      const wide = wideCaptures[name]?.();
      if (wide) writeWide(file, wide, many);
      say(`${many} ${name} (${Math.round(statSync(file).size / 1e6)} MB)`);
      for (const form of forms) faults += (await showsWell(file, form)) ? 0 : 1;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  say(`${faults} with faults`);
  return faults === 0;
}

async function showsWell(file: string, form: readonly string[]): Promise<boolean> {
  const began = performance.now();
  const { megabytes, exitCode } = await peakOf([join(packageRoot, 'dist/cli.cjs'), 'show', file, ...form]);
  const seconds = (performance.now() - began) / 1000;
  const isWell = exitCode === 0 && megabytes < mostMegabytes;
  say(
    `  ${form.join(' ')}: ${megabytes.toFixed(0)} MB, ${seconds.toFixed(1)} s${isWell ? '' : `, exit ${exitCode}: FAULT`}`,
  );
  return isWell;
}
