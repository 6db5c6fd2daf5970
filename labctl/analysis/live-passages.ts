// Matches both sightings of each packet while they come in: a passage is given out once it is whole, or waited long enough.

import type { Packet } from '../model/packet.ts';
import type { Passage, Sighting } from '../model/report.ts';
import type { Micros } from '../model/time.ts';
import type { Hosts } from './hosts.ts';
import { samePacket } from './same-packet.ts';
import { type SeenPacket, seen } from './sightings.ts';

/** What came of a packet: it left (and perhaps arrived), or one that was given out before arrives after all. */
export interface Settled {
  passage: Passage;
  arrival?: Micros;
}

/** So many passages that were given out without an arrival are remembered. */
const mostLate = 2000;

const sighting = ({ point, frame, at }: Packet): Sighting => ({ point, frame, at });

export class LivePassages {
  readonly #hosts: Hosts;
  readonly #patience: number;
  /** In order of time; those behind one that waits wait with it. */
  #open: Passage[] = [];
  /** Given out with one end only: what left and may still arrive, and what arrived before it was heard to leave. */
  readonly #late: Passage[] = [];
  readonly #arrivals: Settled[] = [];
  #number = 0;

  /** `patience`: how long, in microseconds, a packet's other sighting is waited for. */
  constructor(hosts: Hosts, patience: number) {
    this.#hosts = hosts;
    this.#patience = patience;
  }

  /** When the first of those left that still wait for their other sighting; undefined while none does. */
  get waitsSince(): Micros | undefined {
    return this.#open[0]?.at;
  }

  push(packet: Packet): void {
    const one = seen(packet, this.#hosts);
    if (one === undefined || this.#completes(one)) return;
    const { from, to, role } = one;
    const here = sighting(packet);
    const passage: Passage = {
      ...{ number: 0, at: packet.at, from, to, lost: false, packet },
      ...(role === 'receiver' ? {} : { sent: here }),
      ...(role === 'sender' ? {} : { arrived: here }),
      ...(packet.udp ? { udp: packet.udp } : {}),
      ...(packet.arp ? { arp: packet.arp } : {}),
      ...(packet.icmp ? { icmp: packet.icmp } : {}),
    };
    this.#insert(passage);
  }

  /** What is settled by now, numbered, in order of time; the next call goes on from there. */
  take(now: Micros): Settled[] {
    const settled: Settled[] = this.#arrivals.splice(0);
    const end = this.#open.findIndex((passage) => !this.#isWhole(passage) && now - passage.at < this.#patience);
    const given = this.#open.splice(0, end < 0 ? this.#open.length : end);
    for (const passage of given) {
      this.#number += 1;
      passage.number = this.#number;
      if (!this.#isWhole(passage)) this.#late.push(passage);
    }
    if (this.#late.length > mostLate) this.#late.splice(0, this.#late.length - mostLate);
    return [...settled, ...given.map((passage) => ({ passage }))];
  }

  #insert(passage: Passage): void {
    let place = this.#open.length;
    while (place > 0 && (this.#open[place - 1]?.at ?? 0) > passage.at) place -= 1;
    this.#open.splice(place, 0, passage);
  }

  /** Both ends saw it, or the other end is not recorded. */
  #isWhole({ sent, arrived, from, to }: Passage): boolean {
    if (sent && arrived) return true;
    return !this.#hosts.names.includes(sent ? to : from) || from === to;
  }

  #completes({ packet, role, from, to }: SeenPacket): boolean {
    if (role === 'both') return false;
    const fits = (passage: Passage): boolean =>
      passage.from === from && passage.to === to && samePacket(passage.packet, packet);
    if (role === 'sender') return this.#precedes(packet, fits);
    const waiting = this.#open.find((passage) => passage.sent && !passage.arrived && fits(passage));
    const late = waiting ? undefined : this.#afterAll((passage) => passage.sent !== undefined && fits(passage));
    if (late) {
      late.arrived = sighting(packet);
      this.#arrivals.push({ passage: late, arrival: packet.at });
    }
    if (waiting) waiting.arrived = sighting(packet);
    return waiting !== undefined || late !== undefined;
  }

  /** One that was given out already, which is waited for no longer. */
  #afterAll(fits: (passage: Passage) => boolean): Passage | undefined {
    const place = this.#late.findIndex((passage) => fits(passage));
    return place < 0 ? undefined : this.#late.splice(place, 1)[0];
  }

  /** The arrival was heard of first: this is where it came from. What was drawn already is not drawn again. */
  #precedes(packet: Packet, fits: (passage: Passage) => boolean): boolean {
    const cameFirst = (passage: Passage): boolean => !passage.sent && fits(passage);
    const early = this.#open.findIndex(cameFirst);
    const [passage] = early < 0 ? [] : this.#open.splice(early, 1);
    if (passage === undefined) {
      const drawn = this.#afterAll(cameFirst);
      if (drawn) drawn.sent = sighting(packet);
      return drawn !== undefined;
    }
    Object.assign(passage, { sent: sighting(packet), packet, at: packet.at });
    this.#insert(passage);
    return true;
  }
}
