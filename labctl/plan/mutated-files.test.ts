// Whatever becomes of a file, its reader gives a value or complaints with a place in that file, and nothing else.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LabError, LabErrors, type Place } from '../model/lab-error.ts';
import { packageRoot } from '../root.ts';
import { readCompose } from './compose.ts';
import { readScenario } from './scenario.ts';

const composeText = readFileSync(join(packageRoot, 'docker-compose.yml'), 'utf8');
const lab = readCompose(composeText, '/srv/lab/docker-compose.yml');
const scenarios = readdirSync(join(packageRoot, 'scenarios')).map((name) =>
  readFileSync(join(packageRoot, 'scenarios', name), 'utf8'),
);

/** What editors and accidents do to files. */
const fragment = fc.oneof(
  fc.constantFrom(
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
    '!!set ',
    '|\n',
  ),
  fc.constantFrom(
    'null',
    '~',
    'true',
    '-1',
    '1e999',
    '0x10',
    '.nan',
    '__proto__',
    'constructor',
    '{server@lab}',
    '$',
    '\0',
    '\uFEFF',
    '---\n',
  ),
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

function expectPlace({ kind, where, message }: LabError, text: string): void {
  const { file, line, col } = where as Place;
  expect([kind, file]).toEqual(['usage', 'f.yml']);
  expect(message).toMatch(/\S/);
  expect(message).not.toContain('\n');
  expect(line).toBeGreaterThan(0);
  expect(line).toBeLessThanOrEqual(text.split('\n').length);
  expect(col).toBeGreaterThan(0);
}

function readsOrComplains(read: (text: string) => unknown, text: string): void {
  try {
    read(text);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    for (const one of error instanceof LabErrors ? error.errors : [error]) expectPlace(one, text);
  }
}

/** A slow machine takes a second or two. */
const patience = 60_000;
const runs = { seed: 5000, numRuns: 150 };
const cuts = fc.array(cut, { minLength: 1, maxLength: 4 });

it(
  'Compose files',
  () => {
    const read = (text: string): unknown => readCompose(text, '/srv/lab/docker-compose.yml', undefined, 'f.yml');
    fc.assert(
      fc.property(cuts, (list) => readsOrComplains(read, mutated(composeText, list))),
      runs,
    );
  },
  patience,
);

it(
  'scenarios',
  () => {
    const read = (text: string): unknown => readScenario(text, '/srv/lab/s.yml', lab, 'f.yml');
    fc.assert(
      fc.property(fc.constantFrom(...scenarios), cuts, (text, list) => readsOrComplains(read, mutated(text, list))),
      runs,
    );
  },
  patience,
);

it(
  'anything at all',
  () => {
    const read = (text: string): unknown => [
      readScenario(text, '/s.yml', lab, 'f.yml'),
      readCompose(text, '/c.yml', undefined, 'f.yml'),
    ];
    const anything = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(anything, (text) => readsOrComplains(read, text)),
      runs,
    );
  },
  patience,
);
