import { describe, expect, it } from 'vitest';
import { passageComment } from './comments.ts';
import { lossStory } from './stories.ts';
import { wordsOf } from './words.ts';

/** What is said of the last ACK of the story when it carries these blocks; the number of its acknowledgment is 9. */
function said(sack: { left: number; right: number }[], window = 500): string {
  const passage = lossStory().passages.at(-1);
  if (!passage?.tcp) throw new Error('no segment');
  const tcp = { ...passage.tcp, sack, header: { ...passage.tcp.header, window } };
  const around = { acknowledgesFin: false, gone: false };
  return passageComment({ ...passage, lost: false, tcp }, around, wordsOf('en'));
}

describe('passageComment', () => {
  it('tells SACK blocks that came early from those that came twice', () => {
    expect(said([{ left: 20, right: 30 }])).toBe('ACK: server has 8 bytes, has 20:30');
    expect(said([{ left: 1, right: 9 }])).toBe('ACK: server has 8 bytes; got 1:9 twice (D-SACK)');
    const inside = [
      { left: 20, right: 30 },
      { left: 20, right: 40 },
    ];
    expect(said(inside)).toBe('ACK: server has 8 bytes, has 20:40; got 20:30 twice (D-SACK)');
  });
  it('says that there is no room', () => {
    expect(said([], 0)).toBe('ACK: server has 8 bytes; window 0: no room');
  });
  it('lets a keep-alive ask the host that it goes to', () => {
    const passage = lossStory().passages.at(-1);
    if (!passage?.tcp) throw new Error('no segment');
    const asks = {
      ...passage,
      lost: false,
      from: 'server',
      to: 'client1',
      tcp: { ...passage.tcp, meaning: 'keep-alive' as const },
    };
    const around = { acknowledgesFin: false, gone: false };
    expect(passageComment(asks, around, wordsOf('en'))).toBe('keep-alive: client1, are you there?');
    expect(passageComment(asks, around, wordsOf('fr'))).toBe('keep-alive : client1, tu es là ?');
  });
});
