// Two hosts that really speak TCP over a bad network, and what a capture between them shows: unlike traffic.ts, where
// anything may come after anything, what is sent here follows from what arrived.

import type { TcpHead } from './frames.ts';
import type { Random } from './random.ts';
import { milliseconds, type Weather } from './weather.ts';

const fin = 1;
const syn = 2;
const rst = 4;
const psh = 8;
const ack = 16;

const wrap = (value: number): number => value >>> 0;
const distance = (from: number, to: number): number => (to - from) | 0;

export interface Sent {
  at: number;
  from: 0 | 1;
  head: TcpHead;
}

interface Host {
  side: 0 | 1;
  port: number;
  first: number;
  /** SND.UNA, SND.NXT, how far the application has written, RCV.NXT. */
  acked: number;
  next: number;
  reached: number;
  expected: number;
  left: number;
  peerWindow: number;
  peerShift: number;
  filled: number;
  holes: { seq: number; end: number }[];
  duplicates: number;
  open: boolean;
  finished: boolean;
  answered: boolean;
}

interface Arrival {
  at: number;
  order: number;
  act: () => void;
}

export class Talk {
  readonly seen: Sent[] = [];
  readonly #random: Random;
  readonly #weather: Weather;
  readonly #hosts: [Host, Host];
  readonly #queue: Arrival[] = [];
  #order = 0;
  #now: number;

  constructor(random: Random, weather: Weather, ports: [number, number], starts: [number, number], at: number) {
    this.#random = random;
    this.#weather = weather;
    this.#now = at;
    this.#hosts = [0, 1].map(
      (side): Host => ({
        side: side as 0 | 1,
        port: ports[side] as number,
        first: starts[side] as number,
        acked: starts[side] as number,
        next: starts[side] as number,
        reached: starts[side] as number,
        expected: 0,
        left: weather.wants[side] as number,
        peerWindow: 1000,
        peerShift: 0,
        filled: 0,
        holes: [],
        duplicates: 0,
        open: false,
        finished: false,
        answered: false,
      }),
    ) as [Host, Host];
  }

  /** Lets the talk go on until nothing happens any more, or so many segments passed the capture point. */
  run(most: number): void {
    const [client, server] = this.#hosts;
    this.#sendSyn(client, 0);
    if (this.#weather.simultaneous) this.#sendSyn(server, 0);
    while (this.#queue.length > 0 && this.seen.length < most) {
      let soonest = 0;
      for (const [index, { at, order }] of this.#queue.entries()) {
        const best = this.#queue[soonest] as Arrival;
        if (at < best.at || (at === best.at && order < best.order)) soonest = index;
      }
      const [{ at, act }] = this.#queue.splice(soonest, 1) as [Arrival];
      this.#now = at;
      act();
    }
    this.seen.sort((a, b) => a.at - b.at);
  }

  #after(time: number, act: () => void): void {
    this.#order += 1;
    this.#queue.push({ at: this.#now + time, order: this.#order, act });
  }

  #window(host: Host): number {
    return Math.max(0, this.#weather.buffer - host.filled);
  }

  #shiftOf(host: Host): number {
    const { scales } = this.#weather;
    return scales[0] < 0 || scales[1] < 0 ? 0 : Math.min(14, scales[host.side]);
  }

  #options(host: Host, flags: number): number[] {
    const { scales, sack } = this.#weather;
    if (flags & syn) return scales[host.side] < 0 ? [2, 4, 5, 180] : [2, 4, 5, 180, 1, 3, 3, scales[host.side]];
    const [hole] = host.holes;
    if (!sack || !hole) return [];
    const words = [hole.seq, hole.end].flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);
    return [1, 1, 5, 10, ...words];
  }

  #send(host: Host, flags: number, seq: number, length: number): void {
    const { delays, lossBefore, lossBehind, reorder, twice } = this.#weather;
    const random = this.#random;
    const shift = flags & syn ? 0 : this.#shiftOf(host);
    const peer = this.#hosts[1 - host.side] as Host;
    const head: TcpHead = {
      sourcePort: host.port,
      destinationPort: peer.port,
      seq: wrap(seq),
      ack: flags & ack ? wrap(host.expected) : 0,
      flags,
      window: Math.min(65_535, this.#window(host) >>> shift),
      options: this.#options(host, flags),
      length,
    };
    const [before = 0, behind = 0] = host.side === 0 ? delays : [...delays].reverse();
    const slow = (): number => (random.chance(reorder) ? random.below(8) * milliseconds : random.below(3000));
    for (let copies = random.chance(twice) ? 2 : 1; copies > 0; copies -= 1) {
      if (random.chance(lossBefore)) continue;
      this.#after(before + slow(), () => {
        this.seen.push({ at: this.#now, from: host.side, head });
        if (!random.chance(lossBehind)) this.#after(behind + slow(), () => this.#receive(peer, head));
      });
    }
  }

  #sendSyn(host: Host, tries: number): void {
    if (host.open || host.answered || tries > 4) return;
    const length = this.#weather.fastOpen && host.side === 0 ? 50 : 0;
    this.#send(host, syn, host.first, length);
    host.next = wrap(host.first + 1);
    host.reached = host.next;
    this.#after(1000 * milliseconds * 2 ** tries, () => this.#sendSyn(host, tries + 1));
  }

  #receive(host: Host, head: TcpHead): void {
    if (head.flags & rst) {
      host.finished = true;
      host.left = 0;
      return;
    }
    if (host.finished) return;
    if (head.flags & syn) this.#receiveSyn(host, head);
    if (!host.answered) return;
    if (head.flags & ack) this.#receiveAck(host, head);
    const length = head.length + (head.flags & fin ? 1 : 0);
    const start = head.flags & syn ? wrap(head.seq + 1) : head.seq;
    if (length > 0) this.#receiveData(host, start, length);
    else if (!(head.flags & syn) && distance(host.expected, head.seq) !== 0) this.#send(host, ack, host.next, 0);
  }

  #receiveSyn(host: Host, head: TcpHead): void {
    if (!host.answered) host.expected = wrap(head.seq + 1);
    host.answered = true;
    const offered = head.options.length > 4 && (this.#weather.scales[host.side] ?? -1) >= 0;
    host.peerShift = offered ? Math.min(14, head.options[7] ?? 0) : 0;
    host.peerWindow = head.window;
    if (head.flags & ack) {
      this.#begin(host);
      this.#send(host, ack, host.next, 0);
      return;
    }
    this.#send(host, syn | ack, host.first, 0);
    host.next = wrap(host.first + 1);
    host.reached = host.next;
  }

  #begin(host: Host): void {
    if (host.open) return;
    host.open = true;
    host.acked = host.next;
    this.#after(this.#random.below(20) * milliseconds, () => this.#write(host));
    this.#after(300 * milliseconds, () => this.#idle(host, 0));
  }

  #receiveAck(host: Host, head: TcpHead): void {
    if (!(head.flags & syn)) {
      host.peerWindow = head.window << host.peerShift;
      if (distance(host.first, head.ack) > 0) this.#begin(host);
    }
    const progress = distance(host.acked, head.ack);
    if (progress > 0) {
      host.acked = head.ack;
      host.duplicates = 0;
    } else if (progress === 0 && head.length === 0 && host.acked !== host.reached) {
      host.duplicates += 1;
      if (host.duplicates === 3) this.#repeat(host);
    }
    if (host.open) this.#write(host);
  }

  #receiveData(host: Host, seq: number, length: number): void {
    const end = wrap(seq + length);
    if (distance(host.expected, end) <= 0) return this.#send(host, ack, host.next, 0);
    if (host.filled + length > this.#weather.buffer) return this.#send(host, ack, host.next, 0);
    if (distance(host.expected, seq) > 0) host.holes.push({ seq, end });
    else {
      host.filled += distance(host.expected, end);
      host.expected = end;
      host.holes.sort((a, b) => distance(b.seq, a.seq));
      for (const hole of host.holes)
        if (distance(hole.seq, host.expected) >= 0 && distance(host.expected, hole.end) > 0) host.expected = hole.end;
      host.holes = host.holes.filter((hole) => distance(host.expected, hole.end) > 0);
      this.#after(this.#random.below(40) * milliseconds, () => this.#read(host));
    }
    if (this.#random.chance(70) || host.holes.length > 0) this.#send(host, ack, host.next, 0);
    else this.#after(40 * milliseconds, () => this.#send(host, ack, host.next, 0));
  }

  #read(host: Host): void {
    if (!this.#random.chance(this.#weather.reading)) {
      this.#after(400 * milliseconds, () => this.#read(host));
      return;
    }
    const before = this.#window(host);
    host.filled = 0;
    if (before < this.#weather.segment && !host.finished) this.#send(host, ack, host.next, 0);
  }

  /** As much as the window lets through. */
  #write(host: Host): void {
    if (host.finished) return;
    const room = (): number => host.peerWindow - distance(host.acked, host.next);
    let burst = 10;
    while (host.left > 0 && room() > 0 && burst > 0) {
      const length = Math.min(this.#weather.segment, host.left, room());
      this.#send(host, ack | (length < this.#weather.segment ? psh : 0), host.next, length);
      host.next = wrap(host.next + length);
      host.reached = host.next;
      host.left -= length;
      burst -= 1;
    }
    if (host.left === 0 && host.acked === host.reached) this.#close(host);
  }

  #close(host: Host): void {
    const { end } = this.#weather;
    if (end === 'silence') return;
    host.finished = true;
    if (end === 'fin') {
      this.#send(host, fin | ack, host.next, 0);
      host.next = wrap(host.next + 1);
      host.finished = false;
      host.reached = host.next;
      host.left = -1;
    } else this.#send(host, end === 'rst' ? rst | ack : rst, host.next, end === 'rst-data' ? 12 : 0);
  }

  #repeat(host: Host): void {
    const length = Math.min(this.#weather.segment, distance(host.acked, host.reached));
    if (length <= 0) return;
    const isFin = host.left < 0 && length === 1;
    this.#send(
      host,
      isFin ? fin | ack : ack,
      host.acked,
      isFin ? 0 : host.left < 0 && length < this.#weather.segment ? length - 1 : length,
    );
  }

  /** As BSD asks, or as Linux does. */
  #probe(host: Host): void {
    if (this.#random.chance(50)) this.#send(host, ack, host.next, 1);
    else this.#send(host, ack, wrap(host.next - 1), 0);
  }

  /** Timers: what is repeated, asked, or kept alive. */
  #idle(host: Host, times: number): void {
    if (host.finished || times > 6) return;
    const { keepAlive } = this.#weather;
    if (host.acked !== host.reached) this.#repeat(host);
    else if (host.left > 0 && host.peerWindow === 0) this.#probe(host);
    else if (keepAlive !== undefined) this.#send(host, ack, wrap(host.next - 1), keepAlive);
    this.#after(300 * milliseconds * 2 ** times, () => this.#idle(host, times + 1));
  }
}
