import { describe, expect, it } from 'vitest';
import { complaintsText } from './bad-files.ts';
import { readSource } from './source.ts';

const complaintOf = (text: string): string => complaintsText(() => readSource(text, 'f.yml'));
const laughs = [1, 2, 3, 4, 5, 6, 7].reduce(
  (text, level) =>
    `${text}a${level}: &a${level} [${Array(9)
      .fill(`*a${level - 1}`)
      .join(', ')}]\n`,
  'a0: &a0 [1, 2]\n',
);

describe('bad YAML is said with its place', () => {
  it.each([
    ['', 'f.yml:1:1  the file is empty'],
    ['# nothing\n', 'f.yml:1:1  the file is empty'],
    ['a:\n\tb: 1', 'f.yml:2:1  bad YAML: a tab cannot indent YAML: use spaces'],
    ['a: 1\na: 2', 'f.yml:2:1  bad YAML: the same key stands here twice'],
    ['a: 1\nb: *x', 'f.yml:2:4  bad YAML: no anchor &x stands before *x'],
    ['a: 1\n---\nb: 1', 'f.yml:2:1  bad YAML: a second document begins here: one file holds one'],
    ['a: !foo 1', 'f.yml:1:4  bad YAML: YAML tags are not supported here'],
    ['a: !!binary aGk=', 'f.yml:1:4  bad YAML: YAML tags are not supported here'],
    ['!!binary aGk=: 1', 'f.yml:1:1  bad YAML: YAML tags are not supported here'],
    ['a: "x', 'f.yml:1:6  bad YAML: missing closing "quote'],
    ['? [a]\n: b', 'f.yml:1:3  bad YAML: a key must be plain text'],
    ['a:\n  <<: 3', 'f.yml:2:3  bad YAML: << merges a map, or a list of maps'],
    ['a: \0', 'f.yml:1:4  the file is not UTF-8 text: character U+0000'],
    ['a: b\n\uFFFD', 'f.yml:2:1  the file is not UTF-8 text: character U+FFFD'],
    ['a: &x [*x]', 'f.yml:1:8  nested more than 60 deep: does this alias stand inside its own anchor?'],
    ['['.repeat(100_000), 'f.yml:1:61  nested more than 60 deep'],
    ['- '.repeat(100_000), 'f.yml:1:121  nested more than 60 deep'],
    [laughs, 'f.yml:8:50  the aliases of this file expand to more than 100000 values'],
    ['a: &a 1\n' + '? *a\n'.repeat(2), 'f.yml:2:3  bad YAML: a key must be plain text'],
    [`a: &a 1\nb: [${'*a,'.repeat(1001)}]`, 'f.yml:2:3005  more than 1000 aliases'],
    ['a'.repeat(2 ** 20 + 1), 'f.yml:1:1048577  the file is larger than 1024 KiB'],
  ])('case %#', (text, complaint) => expect(complaintOf(text)).toBe(complaint));
});

it('takes a whole JSON file on one line', () => {
  const value = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`key${index}`, { a: [index] }]));
  expect(readSource(JSON.stringify(value), 'f.yml').value).toEqual(value);
});

describe('a source', () => {
  const source = readSource(
    '\uFEFFx-base: &base\n  ports: [80]\n  deep: {a: 1}\nlist:\n  - <<: *base\n    own: yes\r\n  - *base\n',
    'f.yml',
  );
  const at = (line: number, col: number): object => ({ file: 'f.yml', line, col });

  it('gives plain values with anchors and merge keys put in, and no byte order mark', () => {
    const base = { ports: [80], deep: { a: 1 } };
    expect(source.value).toEqual({ 'x-base': base, list: [{ ...base, own: 'yes' }, base] });
  });

  it('knows where everything is written, merged values too', () => {
    expect(source.place(['list', 0, 'own'])).toEqual(at(6, 10));
    expect(source.keyPlace(['list', 0, 'own'])).toEqual(at(6, 5));
    expect(source.keyPlace(['list', 0, 'ports'])).toEqual(at(2, 3));
    expect(source.place(['list', 1, 'deep', 'a'])).toEqual(at(3, 13));
    expect(source.place(['list', 1])).toEqual(at(7, 5));
  });

  it('goes up to what exists when a path leads nowhere', () => {
    expect(source.place(['list', 0, 'own', 'more', 3])).toEqual(at(6, 10));
    expect(source.place(['list', 9])).toEqual(at(4, 1));
    expect(source.place(['nothing'])).toEqual(at(1, 1));
  });
});
