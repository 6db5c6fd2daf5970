import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseSubnets, cidrRange, subnetPools } from './subnets.ts';

const range = (cidr: string): { first: number; end: number } => cidrRange(cidr) ?? expect.fail(`no CIDR: ${cidr}`);

describe('subnets', () => {
  it('are the first small ones of the pool', () => {
    const needs = [
      { network: 'lab', hosts: 4 },
      { network: 'office', hosts: 2 },
      { network: 'class', hosts: 50 },
    ];
    expect(chooseSubnets(needs, [])).toEqual([
      { network: 'lab', subnet: '10.213.0.64/28' },
      { network: 'office', subnet: '10.213.0.80/28' },
      { network: 'class', subnet: '10.213.0.0/26' },
    ]);
  });

  it('go around what is taken, whatever its size, and leave the pool that a VPN covers', () => {
    const one = [{ network: 'lab', hosts: 4 }];
    expect(chooseSubnets(one, ['10.213.0.0/28', '10.213.0.24/32', 'fd00::/8'])).toEqual([
      { network: 'lab', subnet: '10.213.0.32/28' },
    ]);
    expect(chooseSubnets(one, ['10.0.0.0/8'])).toEqual([{ network: 'lab', subnet: '172.30.208.0/28' }]);
  });

  it('are looked for from anywhere in the pool, and before that where nothing is free behind it', () => {
    const from = (share: number, taken: string[] = []) =>
      chooseSubnets([{ network: 'lab', hosts: 4 }], taken, { pools: ['10.9.0.0/26'], from: share })[0]?.subnet;
    expect([0, 0.3, 0.99].map((share) => from(share))).toEqual(['10.9.0.0/28', '10.9.0.32/28', '10.9.0.0/28']);
    expect(from(0.5, ['10.9.0.32/27'])).toBe('10.9.0.0/28');
  });

  it('say who holds what when none is free', () => {
    const taken = [{ subnet: '10.9.0.0/28', holder: 'lab tp1' }, { subnet: '10.9.0.16/28' }, '192.168.0.0/24'];
    const choose = (): unknown => chooseSubnets([{ network: 'lab', hosts: 4 }], taken, { pools: ['10.9.0.0/27'] });
    expect(choose).toThrow(
      'no free subnet of 16 addresses for network "lab" in 10.9.0.0/27; taken: 10.9.0.0/28 (lab tp1), 10.9.0.16/28',
    );
  });

  it('never overlap, lie in a pool, are aligned and large enough', () => {
    const subnet = fc
      .tuple(
        fc.constantFrom('10.213', '172.30', '10.0', '192.168'),
        fc.nat(255),
        fc.nat(255),
        fc.integer({ min: 8, max: 32 }),
      )
      .map(([start, c, d, prefix]) => `${start}.${c}.${d}/${prefix}`);
    const hosts = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 12 });
    fc.assert(
      fc.property(hosts, fc.array(subnet, { maxLength: 20 }), (counts, taken) => {
        const needs = counts.map((count, index) => ({ network: `n${index}`, hosts: count }));
        let chosen: ReturnType<typeof chooseSubnets>;
        try {
          chosen = chooseSubnets(needs, taken);
        } catch (error) {
          expect(error).toMatchObject({ name: 'LabError', kind: 'engine' });
          return;
        }
        expect(chosen.map(({ network }) => network)).toEqual(needs.map(({ network }) => network));
        const ranges = chosen.map(({ subnet: cidr }) => range(cidr));
        const used = [...taken.map(range)];
        for (const [index, { first, end }] of ranges.entries()) {
          expect(end - first).toBeGreaterThanOrEqual(Math.max(16, (counts[index] ?? 0) + 3));
          expect(first % (end - first)).toBe(0);
          expect(subnetPools.map(range).some((pool) => pool.first <= first && end <= pool.end)).toBe(true);
          expect(used.some((other) => first < other.end && other.first < end)).toBe(false);
          used.push({ first, end });
        }
      }),
      { seed: 213, numRuns: 200 },
    );
  });

  it('reads CIDRs as RFC 4632 writes them, and nothing else', () => {
    expect(cidrRange('10.0.0.7/30')).toEqual({ first: 10 * 2 ** 24 + 4, end: 10 * 2 ** 24 + 8 });
    expect(cidrRange('1.2.3.4')).toEqual(cidrRange('1.2.3.4/32'));
    for (const wrong of ['', '10.0.0.0/33', '256.0.0.0/8', 'fd00::/8', 'default'])
      expect(cidrRange(wrong)).toBeUndefined();
  });
});
