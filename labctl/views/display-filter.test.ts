import { describe, expect, it } from 'vitest';
import { displayFilter } from './display-filter.ts';
import { lossStory } from './stories.ts';

describe('displayFilter', () => {
  it('names the port that is called', () => {
    expect(displayFilter(lossStory())).toBe('tcp.port == 5000');
  });
  it('lists several, gives up on many, and says nothing of nothing', () => {
    const report = lossStory();
    const [conversation] = report.conversations;
    if (conversation === undefined) throw new Error('the story has a conversation');
    const calling = (ports: number[]) => ({
      ...report,
      conversations: ports.map((port) => ({
        ...conversation,
        responder: { ...conversation.responder, endpoint: { address: '10.0.0.1', port } },
      })),
    });
    expect(displayFilter(calling([6000, 5000]))).toBe('tcp.port in {5000, 6000}');
    expect(displayFilter(calling([1, 2, 3, 4, 5, 6, 7]))).toBe('tcp');
    expect(displayFilter(calling([]))).toBe('');
  });
});
