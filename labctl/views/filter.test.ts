import { describe, expect, it } from 'vitest';
import { parseFilter, type RowFacts } from './filter.ts';

const packet: RowFacts = {
  kind: 'packet',
  text: '#7 P. 1:9 ack 1 lost: never arrived; 8 bytes "bonjour\\n"',
  hosts: ['client1', 'server'],
  flags: 'P.',
  number: 7,
  conversation: 2,
  ends: ['10.0.0.3:41022', '[fd00::2]:5000'],
  lost: true,
  again: false,
  length: 8,
};
const call: RowFacts = {
  kind: 'call',
  text: 'accept(3) = 4',
  hosts: ['server'],
  ends: [],
  call: 'accept4',
  program: 'server',
  lost: false,
  again: false,
};

const passes = (text: string, facts = packet): boolean | string => {
  const parsed = parseFilter(text);
  return parsed.ok ? parsed.matches(facts) : parsed.word;
};

describe('parseFilter', () => {
  it('lets everything through when nothing is asked', () => {
    expect(parseFilter('  ')).toMatchObject({ ok: true, everything: true });
  });
  it.each([
    ['host:client1', true],
    ['host:client2', false],
    ['flags:.P', true],
    ['flags:P', false],
    ['flag:P', true],
    ['port:5000', true],
    ['port:500', false],
    ['address:10.0.0.3', true],
    ['address:fd00::2', true],
    ['conv:2 lost', true],
    ['conv:1', false],
    ['lost -again data packets', true],
    ['perdu -encore données paquets', true],
    ['calls', false],
    ['#7', true],
    ['#1-#6', false],
    ['5-9', true],
    ['bonjour', true],
    ['"8 bytes"', true],
    ['-"8 bytes"', false],
  ])('%s: %s', (text, expected) => {
    expect(passes(text)).toBe(expected);
  });
  it('finds calls by name and program', () => {
    expect(passes('call:accept4 program:server', call)).toBe(true);
    expect(passes('calls -host:client1', call)).toBe(true);
  });
  it('names the word that makes no sense', () => {
    expect(passes('lost port:http')).toBe('port:http');
    expect(passes('-conv:x')).toBe('-conv:x');
  });
  it('takes a colon in a text for what it is', () => {
    expect(passes('1:9')).toBe(true);
  });
});
