import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LabError } from '../model/lab-error.ts';
import { parseCounters } from './nstat.ts';

const text = readFileSync(new URL('fixtures/counters.nstat', import.meta.url), 'utf8');

describe('parseCounters', () => {
  it('reads the counters, those at zero included', () => {
    const counters = parseCounters(text);
    expect(counters).toMatchObject({ IpInReceives: 71, IcmpInDestUnreachs: 2, TcpExtListenOverflows: 0 });
    expect(Object.keys(counters).length).toBeGreaterThan(300);
  });

  it.each(['', '#kernel\nIpInReceives 3', '[]', '{"kernel":7}'])('says what it wants instead of %j', (wrong) => {
    expect(() => parseCounters(wrong)).toThrow(LabError);
  });
});
