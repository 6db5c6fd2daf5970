import { describe, expect, it } from 'vitest';
import { parseCounterRises } from './counter-rises.ts';

describe('parseCounterRises', () => {
  it('reads when and by how much counters rose', () => {
    const text =
      '1700000000.000100 1700000000.002300 TcpExtTCPLossProbes=1 TcpRetransSegs=2\n1700000001.5 garbage\n1700000002.000001 170000';
    expect(parseCounterRises(text, 'server')).toEqual([
      {
        host: 'server',
        from: 1_700_000_000_000_100,
        until: 1_700_000_000_002_300,
        changes: { TcpExtTCPLossProbes: 1, TcpRetransSegs: 2 },
      },
    ]);
  });
});
