// Asks tshark which frames of captures a display filter (wireshark-filter(4)) lets through.

import { LabError } from '../../model/lab-error.ts';
import { runHostProgram } from '../host-program.ts';
import { pathFor, type Wireshark } from './wireshark.ts';

/**
 * Host → numbers of the frames of its capture that match. Throws LabError `usage` with tshark's own words for a filter that
 * it refuses, and where there is no tshark.
 */
export async function matchingFrames(
  wireshark: Wireshark,
  captures: ReadonlyMap<string, string>,
  filter: string,
): Promise<Map<string, Set<number>>> {
  const { tshark } = wireshark;
  if (tshark === undefined)
    throw new LabError('usage', 'display filters are tshark’s to understand, and it is not installed here', {
      where: '--filter',
      hint: wireshark.howToGet.replace(/wireshark$/, 'tshark'),
    });
  const found = await Promise.all(
    [...captures].map(async ([host, file]) => {
      const argv = [tshark, '-r', await pathFor(wireshark, file), '-Y', filter, '-T', 'fields', '-e', 'frame.number'];
      const { stdout, stderr, exitCode } = await runHostProgram(argv);
      if (exitCode !== 0) throw refused(stderr);
      return [host, new Set(stdout.split('\n').filter(Boolean).map(Number))] as const;
    }),
  );
  return new Map(found);
}

/** From its name on: what comes before is about running as root. */
function refused(stderr: string): LabError {
  const said = stderr.slice(Math.max(0, stderr.indexOf('tshark: '))).trimEnd();
  return new LabError('usage', said, {
    where: '--filter',
    hint: 'display filters are those of Wireshark, e.g. --filter tcp.analysis.retransmission',
  });
}
