import { expect, it } from 'vitest';
import { LabError, LabErrors } from '../model/lab-error.ts';
import { errorText } from './errors.ts';
import { plainStyle } from './testing.ts';

const place = { file: 'scenarios/refused.yml', line: 3, col: 5 };

it('puts the place before the message, so that it can be followed, and the hint below', () => {
  const error = new LabError('usage', 'unknown step "conect"', { where: place, hint: 'did you mean "connect"?' });
  expect(errorText(error, plainStyle)).toBe(
    'scenarios/refused.yml:3:5  unknown step "conect"\n  → did you mean "connect"?',
  );
});

it('reports all complaints about one input', () => {
  const errors = new LabErrors([new LabError('usage', 'one', { where: place }), new LabError('usage', 'two')]);
  expect(errorText(errors, plainStyle)).toBe('scenarios/refused.yml:3:5  one\ntwo');
});

it('wraps, and obeys no control character of a file name', () => {
  const error = new LabError('engine', `cannot read ${'x '.repeat(20)}`, { where: '\x1b[2J.yml' });
  expect(errorText(error, { ...plainStyle, width: 30 })).toBe(
    '␛[2J.yml\n  cannot read x x x x x x x x\n  x x x x x x x x x x x x ',
  );
});
