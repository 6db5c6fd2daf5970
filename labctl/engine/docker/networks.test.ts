import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../model/engine-event.ts';
import type { Api } from './api.ts';
import { Refusal } from './errors.ts';
import { removeNetwork } from './networks.ts';
import type { NetworkSummary } from './wire.ts';

/** Answers as Engine 20.10 does once it has lost count; that cannot be brought about at will. */
const miscounting = (containers: Record<string, { Name: string }>): Api => {
  const call = async (method: string) => {
    if (method === 'DELETE') throw new Refusal(403, 'error while removing network: network x has active endpoints');
    return { Containers: containers };
  };
  return {
    version: '1.41',
    podman: false,
    buildKit: false,
    call: call as Api['call'],
    open: expect.unreachable,
    takeOver: expect.unreachable,
  };
};
const summary: NetworkSummary = { Id: 'x', Name: 'tp_lab', IPAM: {}, Labels: {} } as NetworkSummary;

describe('a network that the engine does not let go of', () => {
  it('is told and left where nothing is attached to it', async () => {
    const events: EngineEvent[] = [];
    expect(await removeNetwork(miscounting({}), summary, { on: (event) => events.push(event) })).toBe(false);
    expect(events).toEqual([{ kind: 'network-stuck', network: 'tp_lab' }]);
  });
  it('names what is attached', async () => {
    await expect(removeNetwork(miscounting({ a: { Name: 'mine' } }), summary, {})).rejects.toThrow(
      'not of this lab, but attached to its network: mine',
    );
  });
});
