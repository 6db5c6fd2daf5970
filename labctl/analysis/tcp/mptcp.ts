// Which MPTCP connection (RFC 8684) each stream belongs to, and what was done in it so far: subflows share that.

import { createHash } from 'node:crypto';

const subtypes = { capable: 0, join: 1 } as const;
/** Those of RFC 6824: what came later is not counted as anything done. */
const lastCounted = 7;
/** Lengths of the options that carry a key, two keys, a token. */
const capable = { oneKey: 12, twoKeys: [20, 22, 24] } as const;
const joinRequest = 12;

/** The token of a key: the first four bytes of its hash, SHA-1 in version 0, SHA-256 from then on. */
function tokenOf(key: Uint8Array, version: number): number {
  return createHash(version === 0 ? 'sha1' : 'sha256')
    .update(key)
    .digest()
    .readUInt32BE(0);
}

export class Mptcp {
  /** A bit for each subtype that was seen, by connection. */
  readonly #done: number[] = [];
  readonly #byToken = new Map<number, number>();
  /** Streams and sides whose key is known, as `2 * stream + side`. */
  readonly #keyed = new Set<number>();

  /** What was done in a connection. */
  done(connection: number): number {
    return this.#done[connection] as number;
  }

  /**
   * Takes an option of a segment into account, and gives the connection of its stream afterwards: `before` where nothing
   * changes that, -1 as long as there is none.
   */
  see(option: Uint8Array, stream: number, side: number, before: number): number {
    const subtype = (option[2] as number) >> 4;
    const connection =
      subtype === subtypes.capable
        ? this.#seeKeys(option, 2 * stream, side, before)
        : subtype === subtypes.join && option.length === joinRequest
          ? this.#withToken(Buffer.from(option).readUInt32BE(4))
          : before < 0
            ? this.#begin()
            : before;
    if (connection >= 0 && subtype <= lastCounted) this.#done[connection] = this.done(connection) | (1 << subtype);
    return connection;
  }

  #begin(): number {
    return this.#done.push(0) - 1;
  }

  /** The connection of this token; one whose beginning was not captured begins with the first that asks for it. */
  #withToken(token: number): number {
    const connection = this.#byToken.get(token) ?? this.#begin();
    this.#byToken.set(token, connection);
    return connection;
  }

  #seeKeys(option: Uint8Array, flows: number, side: number, before: number): number {
    const version = (option[2] as number) & 15;
    const both = capable.twoKeys.some((length) => length === option.length);
    if (option.length !== capable.oneKey && !both) return before;
    const connection = this.#seeKey(option.subarray(4, 12), version, flows + side, before);
    return both ? this.#seeKey(option.subarray(12, 20), version, flows + 1 - side, connection) : connection;
  }

  #seeKey(key: Uint8Array, version: number, flow: number, before: number): number {
    if (this.#keyed.has(flow)) return before;
    this.#keyed.add(flow);
    const token = tokenOf(key, version);
    const connection = before < 0 ? this.#withToken(token) : before;
    this.#byToken.set(token, connection);
    return connection;
  }
}
