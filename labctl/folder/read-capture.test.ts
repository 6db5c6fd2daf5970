import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { analyse } from '../analysis/analyse.ts';
import { ascii, be16, be32, ethernet, ipv4, join, tcp } from '../evidence/sample-frames.ts';
import { LabError } from '../model/lab-error.ts';
import { passageComment } from '../views/comments.ts';
import { renderCapture } from '../views/terminal/capture.ts';
import { wordsOf } from '../views/words.ts';
import { readCaptureRun } from './capture-run.ts';
import { readCaptureReport } from './read-capture.ts';

const client = { source: '192.0.2.1', destination: '192.0.2.2' };
const server = { source: '192.0.2.2', destination: '192.0.2.1' };
const fromClient = (fields: object) =>
  ethernet(0x0800, ipv4(6, tcp({ source: 40000, destination: 80, ...fields }), client));
const fromServer = (fields: object) =>
  ethernet(0x0800, ipv4(6, tcp({ source: 80, destination: 40000, ...fields }), server));

/** Big-endian, microseconds; a frame every 10 ms. */
const pcap = (frames: Uint8Array[]): Uint8Array =>
  join(
    [0xa1, 0xb2, 0xc3, 0xd4, 0, 2, 0, 4, ...be32(0), ...be32(0), ...be32(65_535), ...be32(1)],
    ...frames.map((bytes, index) =>
      join(be32(1_700_000_000), be32(index * 10_000), be32(bytes.length), be32(bytes.length), bytes),
    ),
  );

const talk = [
  fromClient({ seq: 1000, flags: 2 }),
  fromServer({ seq: 5000, ack: 1001, flags: 18 }),
  fromClient({ seq: 1001, ack: 5001, flags: 16 }),
  fromClient({ seq: 1001, ack: 5001, flags: 24, payload: ascii('hello') }),
  fromClient({ seq: 1001, ack: 5001, flags: 24, payload: ascii('hello') }),
  fromServer({ seq: 5001, ack: 1006, flags: 16 }),
  fromServer({ seq: 5001, ack: 1006, flags: 16 }),
  ethernet(0x88b5, new Uint8Array(be16(7))),
  fromClient({ seq: 1006, ack: 5001, flags: 17 }),
  fromServer({ seq: 5001, ack: 1007, flags: 17 }),
];

const style = { width: 80, color: false, unicode: true, language: 'en' as const };

async function shown(bytes: Uint8Array, conversation?: number): Promise<string> {
  const source = { path: '-', stdin: Readable.from([bytes]), signal: new AbortController().signal };
  const question = { name: 'trace.pcap', conversation, mostRows: 300, mostConversations: 40 };
  return renderCapture(await readCaptureReport(source, question), style, false);
}

it('tells a capture of anyone’s: summary, ladder with Wireshark’s words, conversations', async () => {
  expect(await shown(pcap(talk))).toMatchInlineSnapshot(`
    "trace.pcap
    10 packets, 9 of them TCP; 512 bytes on the wire
    from 2023-11-14 22:13:20 UTC on, for 90 ms
    One capture point: what it shows left or passed there; whether it arrived, it
    cannot say.

    What was captured, frame by frame ──────────────────────────────────────────────
      #    seconds 192.0.2.1                         192.0.2.2

      1  0.000 000 ├── S seq 0 ─────────────────────►│
      2  0.010 000 │◄─ S. seq 0 ack 1 ───────────────┤
      3  0.020 000 ├── . ack 1 ─────────────────────►│
      4  0.030 000 ├── P. 1:6 ack 1 ────────────────►│ 5 bytes
      5  0.040 000 ├── P. 1:6 ack 1 ────────────────►│ retransmission; 5 bytes
      6  0.050 000 │◄─ . ack 6 ──────────────────────┤
      7  0.060 000 │◄─ . ack 6 ──────────────────────┤ duplicate ACK 6#1
      9  0.080 000 ├── F. seq 6 ack 1 ──────────────►│
     10  0.090 000 │◄─ F. seq 1 ack 7 ───────────────┤

     Left out: 1 packet of the link’s own (ARP, neighbour discovery).

    Conversations and their ports ──────────────────────────────────────────────────
     #  conversation          packets  bytes→  ←bytes  lasted  end, and Wireshark’s
                                                               analysis
     1  192.0.2.1:40000 →           9     280     216   90 ms  both closed (FIN); 1
        192.0.2.2:80                                           retransmission, 1
                                                               duplicate ack"
  `);
});

it('draws one conversation alone, and says which stream that is', async () => {
  const text = await shown(pcap(talk), 1);
  expect(text).toContain('Conversation 1 is tcp.stream 0 in Wireshark.');
  expect(text).not.toContain('0x88b5');
});

it('shows what is whole of a capture that was cut off, and says what is missing', async () => {
  const whole = pcap(talk);
  const text = await shown(whole.subarray(0, whole.length - 10));
  expect(text).toContain('9 packets, 8 of them TCP');
  expect(text.replace(/\s+/g, ' ')).toContain('the capture ends inside a record at byte 626, 10 bytes are missing');
});

it.each([
  ['nothing at all', new Uint8Array(0), 'not a capture: the capture is empty'],
  ['a header that is cut off', pcap([]).subarray(0, 10), 'not a capture: the capture ends in its header'],
  ['text', ascii('hello, world'), 'not a pcap or pcapng capture: begins with 0x68656c6c'],
])('refuses %s', async (_, bytes, message) => {
  await expect(shown(bytes)).rejects.toThrow(LabError);
  await expect(shown(bytes)).rejects.toThrow(message);
});

it('says that there is no TCP', async () => {
  expect(await shown(pcap([talk[7] ?? new Uint8Array(0)]))).toContain('There is no TCP in this capture.');
  const many = await shown(pcap(Array.from({ length: 400 }, () => talk[7] ?? new Uint8Array(0))));
  expect(many).toContain('Draw everything with --all.');
  expect(many).not.toContain('--conversation');
});

it('gives the packets of a picture what Wireshark finds about them', async () => {
  const source = { path: '-', stdin: Readable.from([pcap(talk)]), signal: new AbortController().signal };
  const { run } = await readCaptureRun(source, { name: 'trace.pcap', most: 100 });
  const words = analyse(run).passages.map((passage) =>
    passageComment(passage, { acknowledgesFin: false, gone: false }, wordsOf('en')),
  );
  expect(words[4]).toBe('retransmission; #4 again, after 10 ms');
  expect(words[6]).toMatch(/^duplicate ACK 6#1; /);
});
