// Scenario and Compose files as editors and accidents leave them, each made from a seed; and whether their readers give a
// value or complaints with a place in that very file, and nothing else.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { LabError, LabErrors, type Place } from '../labctl/model/lab-error.ts';
import { readCompose } from '../labctl/plan/compose.ts';
import { readScenario } from '../labctl/plan/scenario.ts';
import { packageRoot } from '../labctl/root.ts';

const composeText = readFileSync(join(packageRoot, 'docker-compose.yml'), 'utf8');
const lab = readCompose(composeText, '/srv/lab/docker-compose.yml');
const scenarios = readdirSync(join(packageRoot, 'scenarios')).map((name) =>
  readFileSync(join(packageRoot, 'scenarios', name), 'utf8'),
);

/** What editors and accidents do to files. */
const marks = [
  '',
  ':',
  ': ',
  '- ',
  '\n',
  '  ',
  '\t',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '&a ',
  '*a',
  '*host',
  '<<: ',
  '#',
  '|\n',
];
const numbers = ['-1', '1e999', '0x10', '.nan', '9007199254740993', '00', '1_000', '99999999999999999999s'];
const words = ['null', '~', 'true', '!!set ', '!!binary ', '__proto__', 'constructor', '{server@lab}', '$', '${X:?}'];
const oddities = ['\0', '\uFEFF', '---\n', '...\n', '\u2028', '\u001b[2J', '<b>', '../', '\r'];
const fragment = fc.oneof(
  fc.constantFrom(...marks),
  fc.constantFrom(...numbers, ...words, ...oddities),
  fc.string({ maxLength: 6 }),
);

interface Cut {
  at: number;
  length: number;
  put: string;
}
const cut: fc.Arbitrary<Cut> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(fc.nat(3), fc.nat(200)),
  put: fragment,
});

const mutated = (text: string, cuts: readonly Cut[]): string =>
  cuts.reduce((now, { at, length, put }) => {
    const from = Math.floor(at * now.length);
    return now.slice(0, from) + put + now.slice(from + length);
  }, text);

const wrongPlace = ({ kind, where, message }: LabError, text: string): string | undefined => {
  const { file, line, col } = (where ?? {}) as Partial<Place>;
  if (kind !== 'usage' || file !== 'f.yml') return `${kind} error in ${String(file)}: ${message}`;
  if (!/\S/.test(message) || message.includes('\n')) return `no sentence on one line: ${JSON.stringify(message)}`;
  const isPlace = line !== undefined && line > 0 && line <= text.split('\n').length && col !== undefined && col > 0;
  return isPlace ? undefined : `no place: ${line}:${col}: ${message}`;
};

type Kind = 'compose' | 'scenario' | 'anything';

/** Undefined where it reads, or complains as it should; a warning beside that is a fault too. */
function faultOf(kind: Kind, text: string): string | undefined {
  const emitWarning = process.emitWarning.bind(process);
  let warned: string | undefined;
  process.emitWarning = (warning) => {
    warned = `a warning: ${String(warning)}`;
  };
  try {
    return complaintFault(kind, text) ?? warned;
  } finally {
    process.emitWarning = emitWarning;
  }
}

function complaintFault(kind: Kind, text: string): string | undefined {
  try {
    if (kind !== 'scenario') readCompose(text, '/srv/lab/docker-compose.yml', undefined, 'f.yml');
    if (kind !== 'compose') readScenario(text, '/srv/lab/s.yml', lab, 'f.yml');
    return undefined;
  } catch (error) {
    if (!(error instanceof LabError)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
    const all = error instanceof LabErrors ? error.errors : [error];
    return all.map((one) => wrongPlace(one, text)).find((fault) => fault !== undefined);
  }
}

const cuts = fc.array(cut, { minLength: 1, maxLength: 4 });
const texts: Record<Kind, fc.Arbitrary<string>> = {
  compose: cuts.map((list) => mutated(composeText, list)),
  scenario: fc.tuple(fc.constantFrom(...scenarios), cuts).map(([text, list]) => mutated(text, list)),
  anything: fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join('')),
  ),
};

export const kinds = Object.keys(texts) as Kind[];

/** Reads so many files of a kind, made from the seed; the first fault, with the file made as small as it still has it. */
export function checkMutations(kind: Kind, seed: number, numRuns: number): string | undefined {
  let fault: string | undefined;
  const told = fc.check(
    fc.property(texts[kind], (text) => {
      const found = faultOf(kind, text);
      if (found !== undefined) fault = found;
      return found === undefined;
    }),
    { seed, numRuns },
  );
  return told.failed ? `${fault} in ${JSON.stringify(told.counterexample?.[0])}` : undefined;
}
