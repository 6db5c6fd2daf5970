import { describe, expect, it } from 'vitest';
import type { WirePort, WireRule, WireRuleOf } from '../model/wire.ts';
import { cycleOf } from '../model/wire-chosen.ts';
import { tableName } from './names.ts';
import { addText, nftRule, removeText } from './wire-nft.ts';

const ports: WirePort[] = [
  { host: 'server', network: 'lab', port: 'veth-sl' },
  { host: 'server', network: 'office', port: 'veth-so' },
  { host: 'client1', network: 'lab', port: 'veth-c1' },
];
const place = { file: 's.yml', line: 5, col: 3 };
const drop = (said: Partial<WireRuleOf<'drop'>>): WireRule => ({
  kind: 'drop',
  place,
  rule: 'r',
  drop: 'packet',
  ...said,
});
const text = (rule: WireRule, order = 0): string => {
  const chains = nftRule(rule, ports, order);
  return chains === undefined ? '' : addText(tableName('demo'), chains);
};
const rulesOf = (rule: WireRule, chain: string): string[] =>
  nftRule(rule, ports, 0)?.chains.find(({ name }) => name === chain)?.rules ?? [];

it('the first SYN of a client: a chain for the way, one for the meaning, one for the count', () => {
  expect(
    text(drop({ rule: 'first-syn', drop: 'syn', from: 'client1', to: 'server', nth: [1] }), 2),
  ).toBe(`table bridge labctl-demo {
	counter passed-first-syn {
	}
	counter hit-first-syn {
	}
	chain which-first-syn {
		counter name "passed-first-syn"
		numgen inc mod 1000000000 { 0 } counter name "hit-first-syn" drop
	}
	chain kind-first-syn {
		tcp flags & (fin | syn | rst | ack) == syn jump which-first-syn
	}
	chain rule-first-syn {
		type filter hook forward priority -198; policy accept;
		iifname "veth-c1" oifname "veth-sl" jump kind-first-syn
	}
}
`);
});

it('a data segment has a byte behind its header, whatever the length of that, and of the IP header', () => {
  const rules = rulesOf(drop({ drop: 'data' }), 'kind-r');
  expect(rules).toHaveLength(11);
  expect(rules[0]).toBe('tcp doff 5 @th,160,8 >= 0 jump which-r');
  expect(rules[10]).toBe('tcp doff 15 @th,480,8 >= 0 jump which-r');
  expect(rulesOf(drop({ drop: 'data', port: 80 }), 'kind-r').slice(0, 2)).toEqual([
    'tcp sport 80 tcp doff 5 @th,160,8 >= 0 jump which-r',
    'tcp dport 80 tcp doff 5 @th,160,8 >= 0 jump which-r',
  ]);
});

it('an ACK has no byte behind its header, and is nothing but an ACK', () => {
  const rules = rulesOf(drop({ drop: 'ack' }), 'kind-r');
  expect(rules).toHaveLength(12);
  expect(rules[3]).toBe('tcp doff 8 @th,256,8 >= 0 return');
  expect(rules[11]).toBe('tcp flags & (fin | syn | rst | ack) == ack jump which-r');
});

it('a packet is one of IPv4 or IPv6, but neither ARP nor what does its work there', () => {
  expect(rulesOf(drop({}), 'kind-r')).toEqual([
    'icmpv6 type 130-137 return',
    'icmpv6 type 143 return',
    'meta protocol ip jump which-r',
    'meta protocol ip6 jump which-r',
  ]);
  expect(rulesOf(drop({ port: 80 }), 'kind-r').slice(2)).toEqual(
    ['tcp sport', 'tcp dport', 'udp sport', 'udp dport'].map((field) => `${field} 80 jump which-r`),
  );
});

it('for some time: a set that the kernel empties', () => {
  const rule = drop({ drop: 'udp', to: 'client1', for: 500, port: 53 });
  expect(text(rule)).toContain(
    '\tset open-r {\n\t\ttype ether_type\n\t\tflags timeout\n\t\telements = { ip timeout 500ms, ip6 timeout 500ms }\n\t}\n',
  );
  expect(rulesOf(rule, 'rule-r')).toEqual(['oifname "veth-c1" meta protocol @open-r jump kind-r']);
  expect(rulesOf(rule, 'kind-r')).toEqual(['udp sport 53 jump which-r', 'udp dport 53 jump which-r']);
});

it('without ends: whatever comes in from a host of the scenario, and from no other lab', () => {
  expect(rulesOf(drop({}), 'rule-r')).toEqual([
    'iifname "veth-sl" jump kind-r',
    'iifname "veth-so" jump kind-r',
    'iifname "veth-c1" jump kind-r',
  ]);
});

describe('a cut', () => {
  const cut = (...ends: string[]) => rulesOf({ kind: 'cut', place, rule: 'c', cut: ends }, 'rule-c');
  const dropped = 'counter name "hit-c" drop';

  it('of a host takes all that comes and goes, ARP too', () => {
    expect(cut('client1')).toEqual([`iifname "veth-c1" ${dropped}`, `oifname "veth-c1" ${dropped}`]);
  });
  it('of one of its links leaves the others', () => {
    expect(cut('server@office')).toEqual([`iifname "veth-so" ${dropped}`, `oifname "veth-so" ${dropped}`]);
  });
  it('between two hosts is on the bridge that they share', () => {
    expect(cut('client1', 'server')).toEqual([
      `iifname "veth-c1" oifname "veth-sl" ${dropped}`,
      `iifname "veth-sl" oifname "veth-c1" ${dropped}`,
    ]);
  });
});

it('is taken out by its names; the counters stay', () => {
  const chains = nftRule(drop({ for: 500 }), ports, 0);
  expect(chains && removeText('t', chains)).toBe(`flush chain bridge t rule-r
flush chain bridge t kind-r
flush chain bridge t which-r
delete chain bridge t rule-r
delete chain bridge t kind-r
delete chain bridge t which-r
delete set bridge t open-r
`);
});

describe('which of them', () => {
  it.each([
    [{}, undefined],
    [{ nth: [3] }, { length: 1_000_000_000, places: [2] }],
    [{ nth: [5, 1, 5] }, { length: 1_000_000_000, places: [0, 4] }],
    [{ every: 4 }, { length: 4, places: [3] }],
    [{ random: { percent: 100, seed: 7 } }, undefined],
  ])('%j', (chosen, cycle) => expect(cycleOf(chosen)).toEqual(cycle));

  it('at random: the share that was asked for, the same for the same seed', () => {
    const cycle = cycleOf({ random: { percent: 20, seed: 7 } });
    expect(cycle?.length).toBe(1000);
    expect(new Set(cycle?.places).size).toBe(200);
    expect(cycle?.places.slice(0, 8)).toEqual([2, 14, 18, 21, 22, 29, 37, 40]);
    expect(cycleOf({ random: { percent: 20, seed: 7 } })).toEqual(cycle);
    expect(cycleOf({ random: { percent: 20, seed: 8 } })).not.toEqual(cycle);
    const perTenth = Array.from(
      { length: 10 },
      (_, tenth) => cycle?.places.filter((one) => Math.floor(one / 100) === tenth).length ?? 0,
    );
    expect(Math.min(...perTenth)).toBeGreaterThan(8);
    expect(Math.max(...perTenth)).toBeLessThan(32);
  });
});
