// Puts IP fragments together again (RFC 791, section 3.2; RFC 8200, section 4.5), with a bound on what it waits for.

interface Piece {
  offset: number;
  bytes: Uint8Array;
}

interface Datagram {
  /** By offset; of equals the earlier first. */
  pieces: Piece[];
  size: number;
  /** Known once the last piece was seen. */
  total: number | undefined;
}

/** Datagrams that wait for a piece; the oldest is given up for a newer one. */
const mostDatagrams = 1000;
const mostBytes = 16 * 1024 * 1024;
const largestDatagram = 65_535;

/** No hole is left up to the end. */
function isWhole({ pieces, total }: Datagram): boolean {
  let reached = 0;
  for (const { offset, bytes } of pieces) {
    if (offset > reached) return false;
    reached = Math.max(reached, offset + bytes.length);
  }
  return total !== undefined && reached >= total;
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

export class Fragments {
  readonly #waiting = new Map<string, Datagram>();
  #bytes = 0;

  /** Keeps a copy of the piece; gives the whole datagram when this was what it waited for. */
  add(key: string, piece: Uint8Array, offset: number, more: boolean): Uint8Array | undefined {
    if (offset + piece.length > largestDatagram) return undefined;
    const datagram = this.#waiting.get(key) ?? { pieces: [], size: 0, total: undefined };
    this.#waiting.set(key, datagram);
    if (!more) datagram.total ??= offset + piece.length;
    const place = datagram.pieces.findLastIndex((other) => other.offset <= offset) + 1;
    datagram.pieces.splice(place, 0, { offset, bytes: piece.slice() });
    datagram.size += piece.length;
    this.#bytes += piece.length;
    if (!isWhole(datagram)) {
      this.#makeRoom();
      return undefined;
    }
    this.#forget(key, datagram);
    return assembled(datagram);
  }

  #forget(key: string, { size }: Datagram): void {
    this.#waiting.delete(key);
    this.#bytes -= size;
  }

  #makeRoom(): void {
    for (const [key, datagram] of this.#waiting) {
      if (this.#waiting.size <= mostDatagrams && this.#bytes <= mostBytes) return;
      this.#forget(key, datagram);
    }
  }
}
