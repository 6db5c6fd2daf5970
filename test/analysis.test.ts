import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { analyse } from '../labctl/analysis/analyse.ts';
import { readRun } from '../labctl/folder/read-run.ts';
import type { Passage, Report } from '../labctl/model/report.ts';

// A recorded run in which the wire lost the first SYN, a data segment of the client and one of the server; then a
// connect to a closed port. What labctl says of it is compared with what tshark says of the same files.
const folder = join(import.meta.dirname, '../labctl/analysis/fixtures/lossy');

type Fields = Record<string, string>;

function tshark(file: string, names: readonly string[]): Fields[] {
  const fields = names.flatMap((name) => ['-e', name]);
  const text = execFileSync('tshark', ['-r', join(folder, file), '-Y', 'tcp', '-T', 'fields', ...fields], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const values = line.split('\t');
      return Object.fromEntries(names.map((name, place) => [name, values[place] ?? '']));
    });
}

let report: Report;
beforeAll(async () => {
  report = analyse(await readRun(folder));
});

/** The passages that a host's capture shows, by frame number. */
function framesOf(host: string): Map<number, Passage> {
  const frames = new Map<number, Passage>();
  for (const passage of report.passages)
    for (const sighting of [passage.sent, passage.arrived])
      if (sighting?.point.host === host) frames.set(sighting.frame, passage);
  return frames;
}

describe.each(['client1', 'server'])('beside tshark, %s.pcapng', (host) => {
  it('numbers conversations, sequence and acknowledgment alike', () => {
    const frames = framesOf(host);
    const rows = tshark(`${host}.pcapng`, ['frame.number', 'tcp.stream', 'tcp.seq', 'tcp.ack', 'tcp.len', 'tcp.flags']);
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) {
      const tcp = frames.get(Number(row['frame.number']))?.tcp;
      const ours = [tcp?.conversation, tcp?.relativeSeq, tcp?.relativeAck ?? 0, tcp?.length, tcp?.header.flags];
      const names = ['tcp.stream', 'tcp.seq', 'tcp.ack', 'tcp.len', 'tcp.flags'];
      expect(ours, `frame ${row['frame.number']}`).toEqual(names.map((name) => Number(row[name])));
    }
  });
});

describe('beside tshark', () => {
  it('finds the same repetitions at the sender', () => {
    for (const host of ['client1', 'server']) {
      const theirs = tshark(`${host}.pcapng`, ['frame.number', 'tcp.analysis.retransmission'])
        .filter((row) => row['tcp.analysis.retransmission'] !== '')
        .map((row) => Number(row['frame.number']));
      const sent = [...framesOf(host)].filter(([, { from, tcp }]) => from === host && tcp?.repeats !== undefined);
      expect(sent.map(([frame]) => frame)).toEqual(theirs);
      expect(theirs.length).toBeGreaterThan(0);
    }
  });

  it('measures the same initial RTT', () => {
    const seconds = tshark('client1.pcapng', ['tcp.stream', 'tcp.analysis.initial_rtt']).find(
      (row) => row['tcp.stream'] === '0' && row['tcp.analysis.initial_rtt'] !== '',
    )?.['tcp.analysis.initial_rtt'];
    expect(report.conversations[0]?.initialRtt).toBe(Math.round(Number(seconds) * 1_000_000));
  });
});

describe('a run with losses', () => {
  it('tells what was lost and what repeated it', () => {
    const told = report.passages.flatMap(({ number, from, lost, tcp }) => {
      if (lost) return [`#${number} ${tcp?.flags} of ${from} lost`];
      return tcp?.repeats ? [`#${number} again #${tcp.repeats.passage}`] : [];
    });
    expect(told).toEqual([
      '#1 S of client1 lost',
      '#2 again #1',
      '#12 P. of client1 lost',
      '#13 again #12',
      '#17 P. of server lost',
      '#18 again #17',
    ]);
  });

  it('ties every connection to its programs and every line to the call that sent it', () => {
    expect(
      report.conversations.map(({ initiator, responder, closing }) => [initiator.program, responder.program, closing]),
    ).toEqual([
      ['c', 'server', 'fin-both'],
      ['d', undefined, 'refused'],
    ]);
    const sends = report.calls.filter(
      ({ program, name, caused }) => program === 'c' && name === 'sendto' && caused.length > 0,
    );
    expect(sends.map(({ result, caused }) => [result, report.passages[(caused[0] ?? 0) - 1]?.tcp?.length])).toEqual([
      [4, 4],
      [8, 8],
      [18, 18],
      [2, 2],
      [5, 5],
    ]);
  });

  it('never shows a read before its bytes, nor an accept before its handshake', () => {
    const place = (test: (moment: Report['moments'][number]) => boolean): number => report.moments.findIndex(test);
    for (const call of report.calls) {
      const bytes = call.name === 'recvfrom' && call.conversation === 0 ? (call.result ?? 0) : 0;
      const returned = place((one) => one.kind === 'call' && one.call === call.index && one.part === 'returned');
      if (bytes <= 0 || returned < 0) continue;
      const carrier = report.passages.find(
        ({ to, lost, tcp, at }) => !lost && to === call.host && tcp?.length === bytes && at > call.at,
      );
      expect(returned).toBeGreaterThan(place((one) => one.kind === 'passage' && one.passage === carrier?.number));
    }
  });
});
