import { isIPv6 } from 'node:net';
import { expect, it } from 'vitest';
import { addressIn, choosePrefixes } from './ula.ts';

it('gives each network of a lab a /64 of its own, the same each time and another for another lab', () => {
  const prefixes = choosePrefixes('lab', ['inside', 'outside'], []);
  expect([...prefixes.keys()]).toEqual(['inside', 'outside']);
  for (const prefix of prefixes.values()) {
    expect(prefix).toMatch(/^fd[0-9a-f]{2}(:[0-9a-f]{1,4}){3}::\/64$/);
    expect(isIPv6(addressIn(prefix, 31))).toBe(true);
    expect(addressIn(prefix, 31)).toMatch(/::1f$/);
  }
  expect(new Set(prefixes.values()).size).toBe(2);
  expect(choosePrefixes('lab', ['inside', 'outside'], [])).toEqual(prefixes);
  expect(choosePrefixes('other', ['inside'], []).get('inside')).not.toBe(prefixes.get('inside'));
});

it('passes by a prefix of which somebody holds an address, however it is written', () => {
  const [prefix = ''] = choosePrefixes('lab', ['inside'], []).values();
  const groups = prefix.split('::')[0] ?? '';
  for (const held of [
    prefix,
    addressIn(prefix, 1),
    `${groups}:0:0:0:1/64`,
    `${groups.split(':').slice(0, 3).join(':')}:ff::/64`,
  ])
    expect([...choosePrefixes('lab', ['inside'], [held]).values()]).not.toEqual([prefix]);
  expect([...choosePrefixes('lab', ['inside'], ['fe80::1', '10.213.0.0/28']).values()]).toEqual([prefix]);
});
