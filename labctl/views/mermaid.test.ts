import { describe, expect, it } from 'vitest';
import { ladderOf } from './ladder-rows.ts';
import { mermaidText } from './mermaid.ts';
import { lossStory } from './stories.ts';

const ladder = () => ladderOf(lossStory(), { language: 'en' });

describe('mermaidText', () => {
  it('draws the ladder of a loss', () => {
    expect(`\n${mermaidText(ladder())}\n`).toMatchInlineSnapshot(`
      "
      sequenceDiagram
        participant h0 as client1<br/>172.30.0.3:41022
        participant h1 as server<br/>172.30.0.2:5000
        h0->>h1: 0.000 000 #35;1 S seq 0 · 31 µs<br/>SYN: client1 asks to connect
        h1->>h0: 0.000 048 #35;2 S. seq 0 ack 1 · 28 µs<br/>SYN-ACK from server’s kernel
        h0->>h1: 0.000 097 #35;3 . ack 1 · 22 µs<br/>ACK: open#59; initial RTT 97 µs
        Note over h0,h1: … 1.203 s
        h0-xh1: 1.203 400 #35;4 P. 1:9 ack 1<br/>lost: never arrived#59; 8 bytes #34;bonjour#92;n#34;
        Note over h0,h1: … 203.7 ms
        h0->>h1: 1.407 112 #35;5 P. 1:9 ack 1 · 33 µs<br/>#35;4 again, after 203.7 ms
        h1-xh0: 1.407 160 #35;6 . ack 9<br/>lost: never arrived#59; ACK: server has 8 bytes
      "
    `);
  });
  it('writes what would end a statement or begin a tag as entities', () => {
    const [row] = ladder().rows;
    const rows = row
      ? [{ at: 0, kind: 'note' as const, column: 0, role: 'typed' as const, text: '<b>;#{"\n%%', comment: '' }]
      : [];
    expect(
      mermaidText({ ...ladder(), rows })
        .split('\n')
        .at(-1),
    ).toBe('  Note left of h0: #60;b#62;#59;#35;#123;#34; #37;#37;');
  });
});
