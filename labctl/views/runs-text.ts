// The recorded runs, one a line: when, how large, what became of each, how it was judged.

import type { VerdictWord } from '../model/report.ts';
import type { RunOutcome } from '../model/run.ts';
import type { Micros } from '../model/time.ts';
import type { TerminalStyle, Tone } from './style.ts';
import { type Cell, tableLines } from './table.ts';
import { visible } from './visible.ts';
import { type Words, wordsOf } from './words.ts';

export interface RunRow {
  name: string;
  lab: string;
  scenario: string;
  /** Bytes of all its files. */
  size: number;
  /** Absent where nothing can be read of it. */
  started?: Micros;
  /** `unfinished`: it is being recorded, or its labctl was killed. */
  outcome: RunOutcome | 'unfinished';
  /** Absent where nobody kept it. */
  verdict?: VerdictWord;
}

/** `340 kB`, `1.2 MB`: bytes as people weigh them. */
const sizeText = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

const minute = 60_000_000;

/** `5 min`, `3 h`, `12 d`. */
function ageText(micros: number): string {
  if (micros < 60 * minute) return `${Math.max(0, Math.floor(micros / minute))} min`;
  return micros < 48 * 60 * minute
    ? `${Math.floor(micros / (60 * minute))} h`
    : `${Math.floor(micros / (1440 * minute))} d`;
}

const tones: Record<VerdictWord, Tone> = { met: 'good', unmet: 'bad', 'not-observable': 'warning' };

function verdictCell({ outcome, verdict }: RunRow, { runs, check }: Words): Cell {
  if (outcome !== 'complete') return { text: runs.outcome[outcome], tone: 'warning' };
  return verdict === undefined ? '' : { text: check.verdict[verdict], tone: tones[verdict] };
}

/** In the order given; `at` is now. */
export function runsText(rows: readonly RunRow[], at: Micros, style: TerminalStyle): string {
  const words = wordsOf(style.language);
  if (rows.length === 0) return visible(words.lab.noRuns, style);
  const right = 'right' as const;
  const lines = tableLines(
    [
      { title: words.column.run },
      { title: words.column.lab },
      { title: words.runs.age, align: right },
      { title: words.runs.size, align: right },
      { title: words.runs.verdict },
    ],
    rows.map((row): Cell[] => [
      row.name,
      row.lab,
      row.started === undefined ? '' : ageText(at - row.started),
      sizeText(row.size),
      verdictCell(row, words),
    ]),
    style,
    0,
  );
  const total = rows.reduce((sum, { size }) => sum + size, 0);
  return [...lines, '', visible(words.runs.total(rows.length, sizeText(total)), style)].join('\n');
}
