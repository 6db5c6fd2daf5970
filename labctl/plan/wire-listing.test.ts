import { describe, expect, it } from 'vitest';
import type { WireRule } from '../model/wire.ts';
import { countOf, differenceOf, readListing } from './wire-listing.ts';
import { nftRule } from './wire-nft.ts';

const place = { file: 's.yml', line: 5, col: 3 };
const meant = (said: Partial<Extract<WireRule, { kind: 'drop' }>>) => {
  const ports = [
    { host: 'client1', network: 'lab', port: 'veth0' },
    { host: 'server', network: 'lab', port: 'veth1' },
  ];
  const rule: WireRule = { kind: 'drop', place, rule: 'r', drop: 'syn', from: 'client1', to: 'server', ...said };
  return nftRule(rule, ports, 0) ?? { rule: '', counters: [], chains: [] };
};

/** As nft 1.0.6 prints it, handles left out; `numgen` and what stands in the chain of the kind can be told apart from what was meant. */
const listing = (numgen: object, ...kind: object[][]) => {
  const rule = (chain: string, ...expr: object[]) => ({ rule: { family: 'bridge', table: 't', chain, expr } });
  const match = (left: object, right: unknown, op = '==') => ({ match: { op, left, right } });
  const flags = { '&': [{ payload: { protocol: 'tcp', field: 'flags' } }, ['fin', 'syn', 'rst', 'ack']] };
  const counter = (name: string, packets: number) => ({
    counter: { family: 'bridge', table: 't', name, packets, bytes: 1 },
  });
  return JSON.stringify({
    nftables: [
      { metainfo: { version: '1.0.6', json_schema_version: 1 } },
      { table: { family: 'bridge', name: 't', handle: 1 } },
      counter('passed-r', 5),
      counter('hit-r', 1),
      {
        chain: {
          family: 'bridge',
          table: 't',
          name: 'rule-r',
          type: 'filter',
          hook: 'forward',
          prio: -200,
          policy: 'accept',
        },
      },
      { chain: { family: 'bridge', table: 't', name: 'kind-r' } },
      { chain: { family: 'bridge', table: 't', name: 'which-r' } },
      rule('rule-r', match({ meta: { key: 'iifname' } }, 'veth0'), match({ meta: { key: 'oifname' } }, 'veth1'), {
        jump: { target: 'kind-r' },
      }),
      ...(kind.length > 0 ? kind : [[match(flags, 'syn'), { jump: { target: 'which-r' } }]]).map((expr) =>
        rule('kind-r', ...expr),
      ),
      rule('which-r', { counter: 'passed-r' }),
      rule('which-r', numgen, { counter: 'hit-r' }, { drop: null }),
    ],
  });
};
const numgen = (mod: number, right: unknown, offset = 0) => ({
  match: { op: '==', left: { numgen: { mode: 'inc', mod, offset } }, right },
});

describe('what nft says that it loaded', () => {
  it.each([
    ['one place is shown bare', { nth: [3] }, numgen(1_000_000_000, 2), undefined],
    ['several are shown as a set', { nth: [1, 3] }, numgen(1_000_000_000, { set: [2, 0] }), undefined],
    ['every fourth', { every: 4 }, numgen(4, 3), undefined],
    [
      'another place',
      { every: 4 },
      numgen(4, 2),
      'meant: numgen inc mod 4 { 3 } counter name "hit-r" drop; loaded: numgen inc mod 4 { 2 } counter name "hit-r" drop',
    ],
    [
      'something unknown',
      { every: 4 },
      { limit: { rate: 1 } },
      'meant: numgen inc mod 4 { 3 } counter name "hit-r" drop; loaded: {"limit":{"rate":1}} counter name "hit-r" drop',
    ],
  ])('%s', (_, said, shown, difference) => {
    expect(differenceOf(meant(said), readListing(listing(shown)))).toBe(difference);
  });

  const to = { jump: { target: 'which-r' } };
  const shown = (left: object, right: unknown, op = '==') => ({ match: { op, left, right } });

  it('a protocol has a number where the machine has no list of names', () => {
    const udp = (right: unknown) => listing(numgen(4, 3), [shown({ meta: { key: 'l4proto' } }, right), to]);
    for (const name of ['udp', 17])
      expect(differenceOf(meant({ drop: 'udp', every: 4 }), readListing(udp(name)))).toBeUndefined();
    expect(differenceOf(meant({ drop: 'udp', every: 4 }), readListing(udp(6)))).toContain('loaded: meta l4proto tcp');
  });

  it('a range of ICMPv6 types has names, and packets that are spared go back', () => {
    const type = { payload: { protocol: 'icmpv6', field: 'type' } };
    const packets = (first: unknown) =>
      listing(
        numgen(4, 3),
        [shown(type, { range: [first, 'nd-redirect'] }), { return: null }],
        [shown(type, 'mld2-listener-report'), { return: null }],
        [shown({ meta: { key: 'protocol' } }, 'ip'), to],
        [shown({ meta: { key: 'protocol' } }, 'ip6'), to],
      );
    const rule = meant({ drop: 'packet', every: 4 });
    for (const first of ['mld-listener-query', 130])
      expect(differenceOf(rule, readListing(packets(first)))).toBeUndefined();
    expect(differenceOf(rule, readListing(packets('echo-request')))).toContain('loaded: icmpv6 type echo-request-137');
  });

  it('a byte behind a header is shown by its place', () => {
    const bytes = Array.from({ length: 11 }, (_, index) => [
      shown({ payload: { protocol: 'tcp', field: 'doff' } }, 5 + index),
      shown({ payload: { base: 'th', offset: 160 + 32 * index, len: 8 } }, 0, '>='),
      to,
    ]);
    expect(
      differenceOf(meant({ drop: 'data', every: 4 }), readListing(listing(numgen(4, 3), ...bytes))),
    ).toBeUndefined();
  });

  it('what is missing differs', () => {
    const empty = readListing('{"nftables":[]}');
    expect(differenceOf(meant({}), empty)).toBe('chain rule-r is not there');
    expect(differenceOf(meant({ every: 4, for: 500 }), readListing(listing(numgen(4, 3))))).toContain('@open-r');
  });

  it('counts what a rule was about and what it took', () => {
    expect(countOf(meant({}), readListing(listing(numgen(4, 3))))).toEqual({ rule: 'r', passed: 5, hit: 1 });
  });
});
