// Hand-made reports for the views' tests: a run is told moment by moment, times in microseconds since its beginning.

import type { Call } from '../model/call.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { same } from '../model/language.ts';
import type { Look, ProcessRow, SocketRow, SocketState } from '../model/look.ts';
import type { Passage, Report, SegmentMeaning, SegmentPassage, Verdict } from '../model/report.ts';
import type { RunEvent } from '../model/run.ts';
import type { TerminalStyle } from './style.ts';

/** 2026-03-01 10:00:00 UTC. */
export const storyStart = 1_772_359_200_000_000;

export const plainStyle: TerminalStyle = { color: false, unicode: true, width: 80, language: 'en' };

interface SegmentTold {
  flags: string;
  meaning: SegmentMeaning;
  seq?: number;
  ack?: number;
  payload?: string;
  transit?: number;
  lost?: boolean;
  repeats?: SegmentPassage['repeats'];
}

type EventTold = RunEvent extends infer Each ? (Each extends RunEvent ? Omit<Each, 'at'> : never) : never;

const flagOf: Record<string, number> = { F: 1, S: 2, R: 4, P: 8, '.': 16 };

/** Collects what happened and gives the report of it. */
export class Story {
  readonly report: Report;
  readonly #addresses: Record<string, string>;

  constructor(addresses: Record<string, string>, programs: Record<string, string> = {}) {
    this.#addresses = addresses;
    const hosts = Object.entries(addresses).map(([name, address]) => ({
      name,
      interfaces: [{ name: 'eth0', network: 'lab', addresses: [`${address}/24`] }],
      sysctls: {},
      congestionControl: 'cubic',
    }));
    this.report = {
      run: {
        version: 1,
        labctl: '0.1.0',
        lab: 'tcp',
        scenario: 'story',
        engine: { name: 'docker', version: '20.10' },
        kernel: '6.1',
        started: storyStart,
        ended: storyStart + 2_000_000,
        outcome: 'complete',
        hosts,
        programs: Object.entries(programs).map(([name, host]) => ({ name, host, argv: [name], traced: 'calls' })),
        drops: hosts.map(({ name }) => ({ host: name, interface: 'eth0', captured: 12, dropped: 0 })),
      },
      scenario: {
        name: 'story',
        file: 'scenarios/story.yml',
        title: { en: 'A story', fr: 'Une histoire' },
        about: { en: 'What happens between hosts.', fr: 'Ce qui se passe entre des hôtes.' },
        hosts: Object.keys(addresses),
        steps: [],
        expect: [],
      },
      passages: [],
      conversations: [],
      calls: [],
      processEvents: [],
      looks: [],
      counterRises: [],
      samples: [],
      states: [],
      events: [],
      moments: [],
      callTables: [],
      verdicts: [],
      verdict: 'met',
    };
  }

  endpoint(host: string, port: number): Endpoint {
    return { address: this.#addresses[host] ?? host, port };
  }

  /** A conversation; its segments name it by the number given back. */
  conversation(initiator: string, from: number, responder: string, to: number, initialRtt?: number): number {
    const index = this.report.conversations.length;
    this.report.conversations.push({
      index,
      initiator: { endpoint: this.endpoint(initiator, from), host: initiator },
      responder: { endpoint: this.endpoint(responder, to), host: responder },
      start: storyStart,
      end: storyStart + 1_500_000,
      bytes: { fromInitiator: 8, fromResponder: 8 },
      passages: [],
      handshake: {},
      initialRtt,
      closing: 'fin-both',
    });
    return index;
  }

  #passage(at: number, from: string, to: string, told: Pick<SegmentTold, 'lost' | 'transit' | 'payload'>): Passage {
    const number = this.report.passages.length + 1;
    const seen = (host: string, when: number) => ({
      point: { host, interface: 'eth0' },
      frame: number,
      at: storyStart + when,
    });
    const payload = new TextEncoder().encode(told.payload ?? '');
    const point = { host: from, interface: 'eth0' };
    const packet = { frame: number, point, at: storyStart + at, wireLength: 66, capturedLength: 66, payload };
    const passage: Passage = {
      number,
      at: storyStart + at,
      from,
      to,
      sent: seen(from, at),
      lost: told.lost === true,
      packet,
    };
    if (told.transit !== undefined) passage.arrived = seen(to, at + told.transit);
    this.report.passages.push(passage);
    this.report.moments.push({ at: storyStart + at, kind: 'passage', passage: number });
    return passage;
  }

  /** A segment of a conversation, from its initiator or to it. */
  segment(at: number, conversation: number, direction: '>' | '<', told: SegmentTold): Passage {
    const { initiator, responder } =
      this.report.conversations[conversation] ??
      (() => {
        throw new Error('no such conversation');
      })();
    const [from, to] = direction === '>' ? [initiator, responder] : [responder, initiator];
    const passage = this.#passage(at, from.host, to.host, told);
    const length = passage.packet.payload.length;
    const flags = told.flags.split('').reduce((sum, letter) => sum + (flagOf[letter] ?? 0), 0);
    passage.tcp = {
      header: {
        sourcePort: from.endpoint.port,
        destinationPort: to.endpoint.port,
        seq: told.seq ?? 0,
        ack: told.ack ?? 0,
        flags,
        window: 64_240,
        options: {},
        length,
      },
      conversation,
      fromInitiator: direction === '>',
      relativeSeq: told.seq ?? 0,
      relativeAck: told.ack,
      flags: told.flags,
      length,
      meaning: told.meaning,
      repeats: told.repeats,
    };
    return passage;
  }

  /** A packet of before arrives in a row of its own: because another overtook it, or once more. */
  arrival(at: number, passage: number, copy: boolean): void {
    this.report.moments.push({ at: storyStart + at, kind: 'arrival', passage, copy });
  }

  /** The three segments of an open, 31, 28 and 22 µs on the way. */
  handshake(at: number, conversation: number): void {
    this.segment(at, conversation, '>', { flags: 'S', meaning: 'syn', transit: 31 });
    this.segment(at + 48, conversation, '<', { flags: 'S.', meaning: 'syn-ack', ack: 1, transit: 28 });
    this.segment(at + 97, conversation, '>', { flags: '.', meaning: 'handshake-ack', seq: 1, ack: 1, transit: 22 });
  }

  /** A call; one that took longer than a millisecond is drawn as entered and returned. */
  call(at: number, program: string, name: string, args: string[], rest: Partial<Call> = {}): void {
    const host = this.report.run.programs.find((each) => each.name === program)?.host ?? program;
    const index = this.report.calls.length;
    const call = {
      kind: 'call' as const,
      number: index + 1,
      program,
      host,
      pid: 15,
      at: storyStart + at,
      name,
      args,
      index,
      caused: [],
      ...rest,
    };
    this.report.calls.push(call);
    const { took } = call;
    const blocked = took !== undefined && took > 1000;
    this.report.moments.push({
      at: call.at,
      kind: 'call',
      call: index,
      part: blocked || call.result === undefined ? 'entered' : 'whole',
    });
    if (blocked) this.report.moments.push({ at: call.at + took, kind: 'call', call: index, part: 'returned' });
  }

  /** States that a packet brings both ends of its conversation into. */
  states(passage: number, initiator?: SocketState, responder?: SocketState): void {
    const { at, tcp } = this.report.passages[passage - 1] ?? { at: 0, tcp: undefined };
    const conversation = this.report.conversations[tcp?.conversation ?? 0];
    const change = (side: 'initiator' | 'responder', state: SocketState | undefined): void => {
      const end = conversation?.[side];
      if (end && state)
        this.report.states.push({
          host: end.host,
          side,
          local: end.endpoint,
          owners: [],
          changes: [{ at, state, passage }],
        });
    };
    change('initiator', initiator);
    change('responder', responder);
  }

  event(at: number, event: EventTold): void {
    const whole: RunEvent = { at: storyStart + at, ...event };
    this.report.events.push(whole);
    this.report.moments.push({ at: whole.at, kind: 'event', event: whole });
  }

  say(at: number, en: string, fr = en): void {
    this.event(at, { kind: 'step-began', step: 1, verb: 'start', summary: { en, fr }, say: { en, fr } });
  }

  look(at: number, name: string, host: string, found: Partial<Look>): void {
    this.report.looks.push({ name, host, at: storyStart + at, sockets: [], processes: [], counters: {}, ...found });
    this.report.moments.push({ at: storyStart + at, kind: 'look', look: this.report.looks.length - 1 });
  }

  verdict(verdict: Verdict['verdict'], say: string, rest: Partial<Verdict> = {}): void {
    const expectation = {
      kind: 'output',
      id: 'story',
      say: { en: say, fr: say },
      output: 'hello',
      of: 'client',
      place: { file: 'scenarios/story.yml', line: 9, col: 5 },
    } as const;
    this.report.verdicts.push({
      expectation,
      at: 'scenarios/story.yml:9',
      verdict,
      expected: same(''),
      seen: same(''),
      proofs: [],
      ...rest,
    });
    this.report.verdict = verdict;
  }

  /** The report, its moments in order of time. */
  told(): Report {
    this.report.moments.sort((a, b) => a.at - b.at);
    return this.report;
  }
}

export const socketRow = (row: number, rest: Partial<SocketRow>): SocketRow => ({
  row,
  protocol: 'tcp',
  state: 'ESTABLISHED',
  receiveQueue: 0,
  sendQueue: 0,
  local: { address: '172.30.0.2', port: 5000 },
  peer: { address: '172.30.0.3', port: 41022 },
  inode: 4711,
  uid: 1000,
  owners: [],
  engineOwned: false,
  ...rest,
});

export const processRow = (
  row: number,
  pid: number,
  ppid: number,
  command: string,
  rest: Partial<ProcessRow> = {},
): ProcessRow => ({
  row,
  pid,
  ppid,
  uid: 1000,
  state: 'S',
  name: command.split(' ')[0] ?? command,
  command,
  ...rest,
});
