// `labctl run --watch` and `record --watch`: the ladder while the run goes on, a row as soon as its packet has been seen at both ends.

import { type ConversationFollower, conversationFollower } from '../analysis/conversations.ts';
import type { Hosts } from '../analysis/hosts.ts';
import { hostsOf } from '../analysis/hosts.ts';
import { LivePassages, type Settled } from '../analysis/live-passages.ts';
import { same } from '../model/language.ts';
import type { Packet } from '../model/packet.ts';
import type { Moment, Report } from '../model/report.ts';
import type { RunEvent, RunRecord } from '../model/run.ts';
import type { Scenario } from '../model/scenario.ts';
import { now } from '../model/time.ts';
import type { LiveWatcher } from '../run/live.ts';
import type { LadderColumn } from '../views/ladder-columns.ts';
import type { LadderRow } from '../views/ladder-rows.ts';
import { type LiveRows, liveRows } from '../views/live-rows.ts';
import type { TerminalStyle } from '../views/style.ts';
import { growingLadder } from '../views/terminal/live-ladder.ts';
import { wordsOf } from '../views/words.ts';
import type { Session } from './session.ts';

export interface WatchOptions {
  /** What is carried out; a recording by hand has hosts alone. */
  scenario: Pick<Scenario, 'hosts' | 'steps'>;
  style: TerminalStyle;
  /** Lines of a row that has just become known. */
  print: (lines: string[], row: LadderRow) => void;
}

/** The other host's capture comes by a stream of its own; in microseconds. Whoever is slower is on the way, or lost. */
const patience = 100_000;
/** What the ladder may begin with: hosts and the wire are made ready before the first step. */
const opening = new Set<RunEvent['kind']>(['host-tuned', 'rule-added', 'step-began']);
/** What is told of programs and what is seen of packets come by different ways: so long both wait to be put in order. */
const hold = 12_000;

/** Hosts that are waited for listen; they stand right, as in the ladder afterwards. Compose files name servers first. */
function columnsFor({ hosts, steps }: WatchOptions['scenario']): LadderColumn[] {
  const listening = new Set(
    steps.flatMap((step) => (step.verb === 'start' && step.until && 'listens' in step.until ? [step.on] : [])),
  );
  if (listening.size === 0) listening.add(hosts[0] ?? '');
  const ordered = [...hosts.filter((host) => !listening.has(host)), ...hosts.filter((host) => listening.has(host))];
  return ordered.map((host) => ({ host, endpoint: '', manyPorts: true }));
}

const emptyReport = (run: RunRecord, { hosts }: WatchOptions['scenario']): Report => ({
  ...{
    run,
    scenario: { name: run.scenario, file: '', title: same(''), about: same(''), hosts, steps: [], expect: [] },
  },
  ...{ passages: [], conversations: [], calls: [], processEvents: [], looks: [], counterRises: [], samples: [] },
  ...{ events: [], moments: [], states: [], callTables: [], verdicts: [], verdict: 'not-observable' },
});

/** What is there once the recording has begun. */
interface Going {
  report: Report;
  hosts: Hosts;
  passages: LivePassages;
  follower: ConversationFollower;
  rows: LiveRows;
}

export class Watch implements LiveWatcher {
  readonly #options: WatchOptions;
  readonly #columns: LadderColumn[];
  readonly #linesOf: (row: LadderRow) => string[];
  #going: Going | undefined;
  readonly #early: Packet[] = [];
  /** The first thing that is told, from which clocks count, as in the ladder afterwards. */
  #zero: number | undefined;
  /** In order of time. */
  readonly #held: Moment[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#columns = columnsFor(options.scenario);
    this.#linesOf = growingLadder(this.#columns, options.style);
  }

  began(record: RunRecord): void {
    const report = emptyReport(record, this.#options.scenario);
    const hosts = hostsOf({ record, events: [] });
    this.#going = {
      ...{ report, hosts, passages: new LivePassages(hosts, patience), follower: conversationFollower() },
      rows: liveRows(report, this.#columns, this.#options.style.language),
    };
    this.packets(this.#early.splice(0));
  }

  packets(packets: readonly Packet[]): void {
    if (this.#going === undefined) {
      this.#early.push(...packets);
      return;
    }
    for (const packet of packets) this.#going.passages.push(packet);
    this.#flush();
  }

  /** What the run says of itself: sentences, what was typed and printed, beginnings and ends. */
  event(event: RunEvent): void {
    if (opening.has(event.kind)) this.#zero ??= event.at;
    this.#hold({ kind: 'event', at: event.at, event });
    this.#flush();
  }

  /** Nothing more will come. */
  end(): void {
    clearTimeout(this.#timer);
    this.#flush(Number.POSITIVE_INFINITY);
  }

  #flush(until: number = now()): void {
    const going = this.#going;
    if (going === undefined) return;
    clearTimeout(this.#timer);
    for (const settled of going.passages.take(until)) this.#settled(settled, going);
    const { waitsSince = Number.POSITIVE_INFINITY } = going.passages;
    const ripe = this.#held.findIndex(({ at }) => at + hold > until || at > waitsSince);
    for (const moment of this.#held.splice(0, ripe < 0 ? this.#held.length : ripe)) this.#draw(moment);
    if (this.#held.length > 0 || going.passages.waitsSince !== undefined)
      this.#timer = setTimeout(() => this.#flush(), hold / 3000);
  }

  #hold(moment: Moment): void {
    const place = this.#held.findLastIndex(({ at }) => at <= moment.at);
    this.#held.splice(place + 1, 0, moment);
  }

  #settled({ passage, arrival }: Settled, { report, follower }: Going): void {
    if (arrival !== undefined) {
      this.#hold({ kind: 'arrival', at: arrival, passage: passage.number, copy: false });
      return;
    }
    report.passages.push(passage);
    follower.add(passage);
    report.conversations = follower.conversations();
    if (passage.tcp || passage.udp || passage.icmp)
      this.#hold({ kind: 'passage', at: passage.at, passage: passage.number });
  }

  #draw(moment: Moment): void {
    // Without steps, clocks count from whatever comes first, as in the ladder afterwards.
    if (this.#options.scenario.steps.length === 0) this.#zero ??= moment.at;
    if (this.#zero === undefined || moment.at < this.#zero) return;
    const row = this.#going?.rows.rowOf(moment, this.#zero);
    if (row) this.#options.print(this.#linesOf(this.#honest(row)), row);
  }

  /** A packet that has not arrived yet may still do so: only the end of the run tells what was lost. */
  #honest(row: LadderRow): LadderRow {
    if (row.kind !== 'arrow' || row.from === row.to) return row;
    const { notYet, hasArrived } = wordsOf(this.#options.style.language).ladder;
    if (row.part === 'arrives') return { ...row, comment: hasArrived(row.number) };
    if (row.part !== 'whole' || row.arrivedAt !== undefined) return row;
    return { ...row, part: 'leaves', comment: [row.comment, notYet].filter(Boolean).join('; ') };
  }
}

/** The growing ladder in the place of progress. */
export const watchOn = (session: Session, scenario: WatchOptions['scenario']): Watch =>
  new Watch({ scenario, style: session.errorStyle(), print: (lines) => session.note(lines.join('\n')) });
