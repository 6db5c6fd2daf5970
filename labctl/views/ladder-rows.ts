// The ladder as values: columns and rows, in words but without a layout. The terminal, a web page and a picture all
// draw these.

import type { Language } from '../model/language.ts';
import type { Conversation, Moment, Passage, Report } from '../model/report.ts';
import { type Around, surroundings } from './around.ts';
import { passageComment, passageLabel } from './comments.ts';
import { durationText } from './format.ts';
import { type LadderColumn, ladderColumns } from './ladder-columns.ts';
import { withGaps } from './ladder-gaps.ts';
import { type NoteContext, noteContext, noteOf } from './ladder-notes.ts';
import { type StateAtHost, type StateIndex, stateIndex } from './states.ts';
import type { Tone } from './style.ts';
import { type Words, wordsOf } from './words.ts';

/** A packet on its way. `from` equals `to` on the loopback interface. */
export interface ArrowRow {
  kind: 'arrow';
  /** The `#` that repetitions and proofs name. */
  number: number;
  from: number;
  to: number;
  label: string;
  /** When it left and when it arrived, each by its host's own capture; microseconds since the ladder's zero. */
  sentAt?: number;
  arrivedAt?: number;
  /** `leaves`: it arrives in a row of its own, after what overtook it. `arrives`: that row, or a copy's. */
  part: 'whole' | 'leaves' | 'arrives';
  /** Time on the way, where both ends saw it. */
  transit?: string;
  lost: boolean;
  repetition: boolean;
  /** The `#` of the packet whose bytes it carries again. */
  repeats?: number;
  /** Index into Report.conversations. */
  conversation?: number;
  comment: string;
  tone: Tone;
  /** States that this packet brought sockets into: the sender's by leaving, the receiver's by arriving. */
  states: { column: number; state: string }[];
}

/** Something that happened at one host. */
export interface NoteRow {
  kind: 'note';
  column: number;
  role: 'call' | 'typed' | 'printed' | 'started' | 'ended' | 'look' | 'failed';
  text: string;
  comment: string;
  /** Index into Report.calls, and into Report.conversations where the call works on one. */
  call?: number;
  conversation?: number;
  /** Index into Report.looks. */
  look?: number;
}

/** What stands across all lifelines. */
export type AcrossRow =
  | { kind: 'step'; text: string }
  | { kind: 'failed'; text: string }
  | { kind: 'gap'; duration: string }
  | { kind: 'omitted'; rows: number };

/** `at`: microseconds since the ladder's zero. */
export type LadderRow = { at: number } & (ArrowRow | NoteRow | AcrossRow);

export interface Ladder {
  columns: LadderColumn[];
  rows: LadderRow[];
  /** Packets of the link's own that have no row. */
  hidden: number;
  /** Set when the ladder shows one conversation alone. */
  conversation?: { number: number; of: number };
}

export interface LadderOptions {
  language: Language;
  /** 1-based; this conversation alone. */
  conversation?: number;
}

const toneOf = (passage: Passage): Tone => {
  if (passage.lost) return 'bad';
  const flags = passage.tcp?.flags ?? '';
  if (flags.includes('R')) return 'bad';
  if (passage.tcp?.repeats) return 'warning';
  if (flags.includes('S')) return 'open';
  return flags.includes('F') ? 'close' : 'plain';
};

/** What rows are drawn from. */
export interface Drawing {
  report: Report;
  words: Words;
  columns: readonly LadderColumn[];
  around: Around;
  notes: NoteContext;
  states: StateIndex;
  zero: number;
}

type ArrivalMoment = Extract<Moment, { kind: 'arrival' }>;

const columnOf = (columns: readonly LadderColumn[], host: string): number =>
  columns.findIndex((column) => column.host === host);

/** Which conversation it is, said only where the lifelines cannot: `:41022 `, and both ports within one host. */
function portPrefix(passage: Passage, { report, columns }: Drawing): string {
  const conversation = report.conversations[passage.tcp?.conversation ?? -1];
  if (conversation === undefined || passage.tcp === undefined) return '';
  const { sourcePort, destinationPort } = passage.tcp.header;
  if (passage.from === passage.to) return `:${sourcePort} > :${destinationPort} `;
  const column = columns.find(({ host }) => host === conversation.initiator.host);
  return column?.manyPorts ? `:${conversation.initiator.endpoint.port} ` : '';
}

/** Both ends of the loopback interface are one capture point: it shows no time on the way. */
function transitOf({ from, to, sent, arrived }: Passage): string | undefined {
  return sent && arrived && from !== to ? durationText(Math.max(0, arrived.at - sent.at)) : undefined;
}

/** The row of a packet's sending, or the one of an arrival that stands for itself. */
function arrowOf(passage: Passage, arrival: ArrivalMoment | undefined, drawing: Drawing): LadderRow | undefined {
  const [from, to] = [columnOf(drawing.columns, passage.from), columnOf(drawing.columns, passage.to)];
  if (from < 0 || to < 0) return undefined;
  const since = (at: number | undefined): number | undefined => (at === undefined ? undefined : at - drawing.zero);
  const row = {
    kind: 'arrow' as const,
    number: passage.number,
    from,
    to,
    lost: passage.lost,
    repetition: passage.tcp?.repeats !== undefined,
    repeats: passage.tcp?.repeats?.passage,
    conversation: passage.tcp?.conversation,
  };
  const states = statesAt(drawing.states.byPassage.get(passage.number), drawing.columns);
  const apart = passage.overtakenBy !== undefined;
  if (arrival)
    return {
      ...row,
      at: arrival.at - drawing.zero,
      part: 'arrives',
      arrivedAt: since(arrival.at),
      label: passageLabel(passage),
      ...(passage.sent ? { transit: durationText(arrival.at - passage.sent.at) } : {}),
      comment: arrival.copy
        ? drawing.words.segment.copy(passage.number)
        : drawing.words.segment.late(passage.number, passage.overtakenBy),
      tone: 'warning',
      states: arrival.copy ? [] : states.filter(({ column }) => column === to),
    };
  return {
    ...row,
    at: passage.at - drawing.zero,
    part: apart ? 'leaves' : 'whole',
    sentAt: since(passage.sent?.at),
    ...(apart ? {} : { arrivedAt: since(passage.arrived?.at), transit: transitOf(passage) }),
    label: portPrefix(passage, drawing) + passageLabel(passage),
    comment: passageComment(passage, drawing.around(passage), drawing.words),
    tone: toneOf(passage),
    states: apart ? states.filter(({ column }) => column === from) : states,
  };
}

const statesAt = (changes: readonly StateAtHost[] = [], columns: readonly LadderColumn[]): ArrowRow['states'] =>
  changes.map(({ host, state }) => ({ column: columnOf(columns, host), state })).filter(({ column }) => column >= 0);

/** The row of one moment; nothing for moments that have no place on the ladder. */
export function rowOf(moment: Moment, drawing: Drawing): LadderRow | undefined {
  if (moment.kind === 'passage' || moment.kind === 'arrival') {
    const passage = drawing.report.passages[moment.passage - 1];
    return passage && arrowOf(passage, moment.kind === 'arrival' ? moment : undefined, drawing);
  }
  const note = noteOf(moment, drawing.notes);
  if (note === undefined) return undefined;
  const at = moment.at - drawing.zero;
  if (note.kind !== 'note') return { at, ...note };
  const column = columnOf(drawing.columns, note.host);
  if (column < 0) return undefined;
  const call = moment.kind === 'call' ? drawing.report.calls[moment.call] : undefined;
  return {
    at,
    kind: 'note',
    column,
    role: note.role,
    text: note.text,
    comment: note.comment,
    ...(call ? { call: call.index, conversation: call.conversation } : {}),
    ...(moment.kind === 'look' ? { look: moment.look } : {}),
  };
}

const belongsTo = (moment: Moment, { index }: Conversation, report: Report): boolean => {
  if (moment.kind === 'passage' || moment.kind === 'arrival')
    return report.passages[moment.passage - 1]?.tcp?.conversation === index;
  return moment.kind === 'call' && report.calls[moment.call]?.conversation === index;
};

/**
 * TCP always; of the rest what two lab hosts say to each other. ARP and neighbour discovery are the link's own; but a
 * question that never arrived is why nothing else was said.
 */
function isShown(moment: Moment, report: Report, hosts: ReadonlySet<string>): boolean {
  if (moment.kind !== 'passage' && moment.kind !== 'arrival') return true;
  const passage = report.passages[moment.passage - 1];
  if (passage === undefined) return false;
  if (passage.tcp) return true;
  const neighbourDiscovery = passage.icmp?.version === 6 && passage.icmp.type >= 130 && passage.icmp.type <= 143;
  return (
    (passage.udp !== undefined ||
      (passage.icmp !== undefined && !neighbourDiscovery) ||
      (passage.arp?.operation === 'request' && passage.lost)) &&
    hosts.has(passage.from) &&
    hosts.has(passage.to)
  );
}

/** The ladder of a whole run on one time line, or of one of its conversations. Unknown conversation numbers give no rows. */
export function ladderOf(report: Report, { language, conversation }: LadderOptions): Ladder {
  const words = wordsOf(language);
  const hosts = new Set(report.run.hosts.map(({ name }) => name));
  const only = conversation === undefined ? undefined : report.conversations[conversation - 1];
  const all = report.moments.filter((moment) => isShown(moment, report, hosts));
  const moments =
    conversation === undefined ? all : all.filter((moment) => only !== undefined && belongsTo(moment, only, report));
  const notes = noteContext(report, words, language);
  const columns = ladderColumns(report, moments, only);
  const zero = ladderZero(report);
  const drawing: Drawing = {
    report,
    words,
    columns,
    zero,
    notes: { ...notes, columns: columns.length },
    around: surroundings(report),
    states: stateIndex(report, words),
  };
  const rows = moments.map((moment) => rowOf(moment, drawing)).filter((row) => row !== undefined);
  return {
    columns,
    rows: withGaps(rows),
    hidden: report.moments.length - all.length,
    ...(conversation === undefined ? {} : { conversation: { number: conversation, of: report.conversations.length } }),
  };
}

/** The moment that all views of a run count from: its first step, else the first thing that happened. */
export function ladderZero(report: Report): number {
  const step = report.events.find(({ kind }) => kind === 'step-began');
  const [first] = report.moments;
  const begun = [step, first].filter((moment) => moment !== undefined).map(({ at }) => at);
  return begun.length === 0 ? report.run.started : Math.min(...begun);
}
