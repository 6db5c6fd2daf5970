import { describe, expect, it } from 'vitest';
import { onlyMatching } from './matching.ts';
import { lossStory } from './stories.ts';

describe('onlyMatching', () => {
  const kept = (host: string, ...frames: number[]) =>
    onlyMatching(lossStory(), new Map([[host, new Set(frames)]])).moments.map(
      (moment) => 'passage' in moment && moment.passage,
    );

  it('keeps the packets that one capture at least shows in a matching frame', () => {
    expect(kept('client1', 4)).toEqual([4]);
    expect(kept('server', 1, 6)).toEqual([1, 6]);
    expect(kept('nobody', 1)).toEqual([]);
  });
});
