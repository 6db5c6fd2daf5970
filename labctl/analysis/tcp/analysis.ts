// Wireshark's TCP analysis as a pure fold: one segment after the other in the order of the file, each with its flags.
// The rules are those of the Wireshark User's Guide, section 7.5; what it leaves open was found by trying tshark 4.0.17.

import { kinds, type Segment } from '../../evidence/scan/segment.ts';
import * as flag from '../../model/tcp-analysis.ts';
import * as flow from './flows.ts';
import { Mptcp } from './mptcp.ts';
import type { OpenSpill } from './row-store.ts';
import { Streams } from './streams.ts';
import { Unacked } from './unacked.ts';
import { fillsWindow, noteScale, scaledWindow } from './window-scale.ts';

const fin = 1;
const syn = 2;
const rst = 4;
const ack = 16;

/** Without an initial RTT, a segment that comes within so many nanoseconds of the furthest one was overtaken. */
const usualOvertaking = 3_000_000;
/** A repetition so soon after the duplicate ACKs was caused by them. */
const fastAfter = 20_000_000;

/** In place of a count of duplicate ACKs: the other end acknowledged more than was ever sent, and that was said. */
const beyondAll = -1;

/** `a` is beyond `b` in sequence space (RFC 9293, section 3.4). */
const beyond = (a: number, b: number): boolean => ((b - a) | 0) < 0;

export class TcpAnalysis {
  readonly streams: Streams;
  readonly #flows: flow.Flows;
  readonly #unacked = new Unacked();
  readonly #mptcp = new Mptcp();

  /** What the latest segment was found to be: bits of flags.ts. */
  flags = 0;
  stream = 0;
  /** Of a duplicate ACK: the how manieth it is, and the frame that it repeats. */
  duplicate = 0;
  duplicateOf = 0;
  /** Relative to the initial sequence numbers; the window scaled. */
  relativeSeq = 0;
  relativeAck = 0;
  window = 0;
  /** Nanoseconds; 0 where it is not known. */
  initialRtt = 0;
  /** Which of the stream's two ends sent the latest segment. */
  #side = 0;

  /** What memory has no room for goes into what `open` opens; without it, memory grows with every stream. */
  constructor(open?: OpenSpill) {
    this.streams = new Streams(open);
    this.#flows = new flow.Flows(open);
  }

  see(segment: Segment): void {
    const { streams } = this;
    streams.see(segment);
    this.stream = streams.stream;
    this.#side = streams.side;
    this.flags = streams.isReused ? flag.reusedPorts : 0;
    this.#flows.goTo(this.stream, streams.isNew);
    if (streams.isRepeatedSyn) this.#takeBack();
    if (segment.kind === kinds.segment && segment.length >= 0) this.#analyse(segment);
    this.#present(segment);
    this.#noteHandshake(segment);
    noteScale(this.#flows.ints, this.#flows.row(this.#side), this.#flows.row(1 - this.#side), segment);
    if (segment.mptcp > 0) this.#noteMptcp(segment);
    // Wireshark shows nothing of a header that it could not read to its end.
    if (!segment.whole) this.flags = 0;
  }

  /** A RST may have moved on what is expected further than any data did; a repeated SYN shows that it did not count. */
  #takeBack(): void {
    const { ints } = this.#flows;
    const own = this.#flows.row(this.#side);
    ints[own + flow.nextSeq] = ints[own + flow.toBeAcked] as number;
  }

  #analyse(segment: Segment): void {
    const { ints } = this.#flows;
    const own = this.#flows.row(this.#side);
    const other = this.#flows.row(1 - this.#side);
    this.#classify(segment, own, other);
    if (segment.ack !== ints[own + flow.lastAck]) {
      ints[own + flow.ackFrame] = segment.frame;
      ints[own + flow.duplicates] = 0;
    }
    this.#checkAcked(segment, other);
    if (segment.length > 0 || (segment.flags & (syn | fin)) !== 0) this.#checkRepetition(segment, own, other);
    this.#advance(segment, own);
    this.#remember(segment, own, other);
  }

  /** Probes, windows, holes, keep-alives and duplicate ACKs; an answer to a probe ends the questions. */
  #classify(segment: Segment, own: number, other: number): void {
    const { ints } = this.#flows;
    const { seq, length, window, flags } = segment;
    const next = ints[own + flow.nextSeq] as number;
    if (length === 1 && seq === next && ints[other + flow.lastWindow] === 0) {
      this.flags |= flag.zeroWindowProbe;
      return;
    }
    const control = flags & (syn | fin | rst);
    if (window === 0 && control === 0) this.flags |= flag.zeroWindow;
    if (next !== 0 && beyond(seq, next) && (flags & rst) === 0) this.flags |= flag.lostSegment;
    if (control !== 0) return;
    if (length <= 1 && seq === ((next - 1) | 0)) this.flags |= flag.keepAlive;
    if (length === 0 && seq === next) this.#classifyAck(segment, own, other);
    else if (length > 0 && fillsWindow(ints, other, (seq + length) | 0)) this.flags |= flag.windowFull;
  }

  /** A bare ACK that begins where the flow stands. */
  #classifyAck(segment: Segment, own: number, other: number): void {
    const { ints } = this.#flows;
    const { window, ack: acknowledged } = segment;
    const same = acknowledged === ints[own + flow.lastAck];
    const sameWindow = window === ints[own + flow.lastWindow];
    const asked = ints[other + flow.lastFlags] as number;
    if (same && window !== 0 && !sameWindow) this.flags |= flag.windowUpdate;
    if (!same || !sameWindow) return;
    if (window === 0) this.flags |= asked & flag.zeroWindowProbe ? flag.zeroWindowProbeAck : 0;
    else if (asked & flag.keepAlive) this.flags |= flag.keepAliveAck;
    else if (!this.#isMptcpNews(own)) this.#countDuplicate(segment, own);
  }

  #countDuplicate(segment: Segment, own: number): void {
    const { ints } = this.#flows;
    this.duplicate = Math.max(0, ints[own + flow.duplicates] as number) + 1;
    this.flags |= flag.duplicateAck;
    ints[own + flow.duplicates] = this.duplicate;
    this.duplicateOf = ints[own + flow.ackFrame] as number;
  }

  /** An ACK of what the capture does not have; once for each hole. */
  #checkAcked(segment: Segment, other: number): void {
    const { ints } = this.#flows;
    const { flags, ack: acknowledged } = segment;
    const limit = ints[other + flow.toBeAcked] as number;
    const next = ints[other + flow.nextSeq] as number;
    if (limit === 0 || !beyond(acknowledged, limit) || (flags & ack) === 0) return;
    if (((next - limit) | 0) <= 0) {
      const known = ints[other + flow.duplicates] !== 0;
      ints[other + flow.duplicates] = beyondAll;
      if (!known) this.flags |= flag.ackLostSegment;
      return;
    }
    this.flags |= flag.ackLostSegment;
    ints[other + flow.toBeAcked] = next;
  }

  #checkRepetition(segment: Segment, own: number, other: number): void {
    if (this.flags & flag.keepAlive) return;
    const { ints } = this.#flows;
    const { seq, length } = segment;
    const next = ints[own + flow.nextSeq] as number;
    const acknowledged = ints[other + flow.lastAck] as number;
    const end = (seq + length) | 0;
    if (length > 0 && acknowledged !== 0 && ((end - acknowledged) | 0) <= 0) {
      this.flags |= flag.spuriousRetransmission | flag.retransmission;
      return;
    }
    const control = segment.flags & (syn | fin) ? 1 : 0;
    const behind = next !== 0 && beyond(next, seq) && !(length > 1 && ((next - 1) | 0) === seq);
    if (!behind) return;
    if (this.#isFast(segment, other)) this.flags |= flag.fastRetransmission | flag.retransmission;
    else if (this.#isOvertaken(segment, own, next !== ((end + control) | 0))) this.flags |= flag.outOfOrder;
    else this.flags |= flag.retransmission;
  }

  /** After two duplicate ACKs for this very number, or for a hole that the receiver has not reported filled. */
  #isFast(segment: Segment, other: number): boolean {
    const { ints, times } = this.#flows;
    const duplicates = ints[other + flow.duplicates] as number;
    if (duplicates === 0 || duplicates === 1) return false;
    const at = this.#flows.timeRow(1 - this.#side) + flow.acked;
    const after = elapsed(segment, times[at] as number, times[at + 1] as number);
    if (after < 0 || after >= fastAfter) return false;
    return ints[other + flow.lastAck] === segment.seq;
  }

  #isOvertaken(segment: Segment, own: number, endsElsewhere: boolean): boolean {
    const { times } = this.#flows;
    const at = this.#flows.timeRow(this.#side) + flow.advanced;
    const after = elapsed(segment, times[at] as number, times[at + 1] as number);
    const rtt = times[this.#flows.conversationRow + flow.firstRtt] as number;
    return endsElsewhere && isUnder(after, rtt || usualOvertaking);
  }

  /** Moves on what is expected next, and keeps what waits for its ACK. */
  #advance(segment: Segment, own: number): void {
    const { ints, times } = this.#flows;
    const { seq, length, flags } = segment;
    let next = (seq + length) | 0;
    if ((length > 0 || (flags & (syn | fin)) !== 0) && this.#unacked.hasRoom(ints, own)) {
      if (flags & (syn | fin)) next = (next + 1) | 0;
      this.#unacked.await(ints, own, next);
    }
    if (this.flags & flag.zeroWindowProbe) return;
    const known = ints[own + flow.nextSeq] as number;
    if (known === 0 || beyond(next, known)) {
      ints[own + flow.nextSeq] = next;
      const at = this.#flows.timeRow(this.#side) + flow.advanced;
      times[at] = segment.seconds;
      times[at + 1] = segment.nanoseconds;
    }
    const expected = ints[own + flow.toBeAcked] as number;
    if (expected === 0 || seq === expected) ints[own + flow.toBeAcked] = ints[own + flow.nextSeq] as number;
  }

  #remember(segment: Segment, own: number, other: number): void {
    const { ints, times } = this.#flows;
    const acknowledged = segment.ack;
    ints[own + flow.lastWindow] = segment.window;
    ints[own + flow.lastAck] = acknowledged;
    if (this.#mptcpConnection >= 0) ints[own + flow.mptcp] = this.#mptcp.done(this.#mptcpConnection);
    ints[own + flow.lastFlags] = this.flags;
    const at = this.#flows.timeRow(this.#side) + flow.acked;
    times[at] = segment.seconds;
    times[at + 1] = segment.nanoseconds;
    this.#unacked.acknowledge(ints, other, acknowledged);
  }

  /** Relative numbers, and the window as it was known before this segment's own options; else as on the wire. */
  #present({ seq, ack: acknowledged, flags, window, kind, length }: Segment): void {
    const { streams } = this;
    const counts = kind === kinds.segment && length >= 0;
    this.relativeSeq = (seq - (counts ? streams.base(this.#side) : 0)) >>> 0;
    this.relativeAck = (acknowledged - (counts && flags & ack ? streams.base(1 - this.#side) : 0)) >>> 0;
    const own = this.#flows.row(this.#side);
    this.window = counts && (flags & syn) === 0 ? scaledWindow(this.#flows.ints, own, window) : window;
  }

  /** The initial RTT: from the latest SYN to the first ACK that is none, whoever sent it. */
  #noteHandshake(segment: Segment): void {
    const { times } = this.#flows;
    const row = this.#flows.conversationRow;
    const flags = segment.flags & (syn | ack);
    if (segment.headerLength >= 20 && flags === syn) {
      times[row + flow.synTime] = segment.seconds;
      times[row + flow.synTime + 1] = segment.nanoseconds;
    } else if (segment.headerLength >= 20 && flags === ack && times[row + flow.firstRtt] === 0) {
      const [seconds, nanoseconds] = [times[row + flow.synTime], times[row + flow.synTime + 1]];
      if (seconds || nanoseconds)
        times[row + flow.firstRtt] = elapsed(segment, seconds as number, nanoseconds as number);
    }
    this.initialRtt = times[row + flow.firstRtt] as number;
  }

  /** -1 for plain TCP. */
  get #mptcpConnection(): number {
    return (this.#flows.times[this.#flows.conversationRow + flow.mptcpConnection] as number) - 1;
  }

  /** MPTCP repeats ACKs to say something new: one after something new was done is no duplicate (RFC 8684, section 4). */
  #isMptcpNews(own: number): boolean {
    const connection = this.#mptcpConnection;
    return connection >= 0 && this.#mptcp.done(connection) !== this.#flows.ints[own + flow.mptcp];
  }

  #noteMptcp({ mptcp, mptcpOptions }: Segment): void {
    const at = this.#flows.conversationRow + flow.mptcpConnection;
    let connection = this.#mptcpConnection;
    for (const option of mptcpOptions.slice(0, mptcp))
      connection = this.#mptcp.see(option, this.stream, this.#side, connection);
    this.#flows.times[at] = connection + 1;
  }
}

/** As Wireshark counts, without signs: a clock that went back took longer than anything else. */
const isUnder = (time: number, limit: number): boolean => (time < 0 === limit < 0 ? time < limit : limit < 0);

/** Nanoseconds from a time to a segment; negative where the file's clock went back. */
const elapsed = ({ seconds, nanoseconds }: Segment, since: number, sinceNanoseconds: number): number =>
  (seconds - since) * 1e9 + (nanoseconds - sinceNanoseconds);
