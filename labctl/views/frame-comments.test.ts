import { describe, expect, it } from 'vitest';
import { frameComments } from './frame-comments.ts';
import { lossStory } from './stories.ts';

describe('frameComments', () => {
  it('says of each frame what the ladder says, who sent it, in which step, and where it is or is not', () => {
    const comments = frameComments(lossStory(), 'en');
    expect(
      Object.fromEntries([...comments].map(([host, frames]) => [host, Object.fromEntries(frames)])),
    ).toMatchInlineSnapshot(`
      {
        "client1": {
          "1": "#1 SYN: client1 asks to connect",
          "2": "#2 SYN-ACK from server’s kernel",
          "3": "#3 ACK: open; initial RTT 97 µs",
          "4": "#4 lost: never arrived; 8 bytes "bonjour\\n" · never arrived at server",
          "5": "#5 #4 again, after 203.7 ms · retransmission of frame 4",
        },
        "server": {
          "1": "#1 SYN: client1 asks to connect",
          "2": "#2 SYN-ACK from server’s kernel",
          "3": "#3 ACK: open; initial RTT 97 µs",
          "5": "#5 #4 again, after 203.7 ms · retransmission of a frame that never came by here",
          "6": "#6 lost: never arrived; ACK: server has 8 bytes · never arrived at client1",
        },
      }
    `);
  });
  it('says it in French too', () => {
    expect(frameComments(lossStory(), 'fr').get('client1')?.get(4)).toMatchInlineSnapshot(
      `"#4 perdu : jamais arrivé ; 8 octets "bonjour\\n" · jamais arrivé à server"`,
    );
  });
});
