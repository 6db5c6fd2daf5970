// Puts IP fragments together again (RFC 791, section 3.2; RFC 8200, section 4.5), with a bound on what it waits for.

interface Piece {
  offset: number;
  bytes: Uint8Array;
}

interface Datagram {
  /** By offset; of equals the earlier first. */
  pieces: Piece[];
  /** Of all pieces together. */
  bytes: number;
  /** Known once the last piece was seen. */
  total: number | undefined;
}

/** Datagrams that wait for a piece; the oldest is given up for a newer one. */
const mostDatagrams = 1000;
const mostCost = 16 * 1024 * 1024;
const largestDatagram = 65_535;
/** Of one datagram; a whole one has at most half as many, without pieces that overlap. */
const mostPieces = 16_384;
/** What a piece takes besides its bytes, more or less. */
const pieceCost = 200;

/** No hole is left up to the end. Mostly there are not even enough bytes. */
function isWhole({ pieces, bytes: there, total }: Datagram): boolean {
  if (total === undefined || there < total) return false;
  let reached = 0;
  for (const { offset, bytes } of pieces) {
    if (offset > reached) return false;
    reached = Math.max(reached, offset + bytes.length);
  }
  return reached >= total;
}

/** Where pieces overlap, the one with the lower offset holds. */
function assembled({ pieces, total = 0 }: Datagram): Uint8Array {
  const whole = new Uint8Array(total);
  let reached = 0;
  for (const { offset, bytes } of pieces) {
    if (offset + bytes.length <= reached) continue;
    whole.set(bytes.subarray(reached - offset, total - offset), reached);
    reached = offset + bytes.length;
  }
  return whole;
}

/** Where a piece belongs: behind all that begin before it, or where it does. */
function placeFor(pieces: readonly Piece[], offset: number): number {
  let [from, to] = [0, pieces.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((pieces[middle] as Piece).offset <= offset) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Takes in a copy of a piece, if it says anything that the one before does not. */
function takeIn(datagram: Datagram, offset: number, piece: Uint8Array): void {
  const { pieces } = datagram;
  const place = placeFor(pieces, offset);
  const before = pieces[place - 1];
  if (pieces.length >= mostPieces || (before?.offset === offset && before.bytes.length >= piece.length)) return;
  pieces.splice(place, 0, { offset, bytes: piece.slice() });
  datagram.bytes += piece.length;
}

const costOf = ({ pieces, bytes }: Datagram): number => bytes + pieces.length * pieceCost;

export class Fragments {
  readonly #waiting = new Map<string, Datagram>();
  #cost = 0;

  /** Keeps a copy of the piece; gives the whole datagram when this was what it waited for. */
  add(key: string, piece: Uint8Array, offset: number, more: boolean): Uint8Array | undefined {
    if (offset + piece.length > largestDatagram) return undefined;
    const datagram = this.#waiting.get(key) ?? { pieces: [], bytes: 0, total: undefined };
    this.#waiting.set(key, datagram);
    if (!more) datagram.total ??= offset + piece.length;
    this.#cost -= costOf(datagram);
    takeIn(datagram, offset, piece);
    this.#cost += costOf(datagram);
    if (!isWhole(datagram)) {
      this.#makeRoom();
      return undefined;
    }
    this.#forget(key, datagram);
    return assembled(datagram);
  }

  #forget(key: string, datagram: Datagram): void {
    this.#waiting.delete(key);
    this.#cost -= costOf(datagram);
  }

  #makeRoom(): void {
    for (const [key, datagram] of this.#waiting) {
      if (this.#waiting.size <= mostDatagrams && this.#cost <= mostCost) return;
      this.#forget(key, datagram);
    }
  }
}
