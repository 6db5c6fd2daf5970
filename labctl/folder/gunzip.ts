// Unpacks a compressed capture piece by piece, as gzip(1) does: members one behind the other, and everything that is
// sound, whatever stands behind it. Node's own Gunzip throws away what it unpacked last when garbage follows.

import { setImmediate } from 'node:timers/promises';
import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib';

/** So much is unpacked at once: a piece becomes at most a thousand times as large. */
const pieceSize = 16 * 1024;
const trailerLength = 8;
const fixedHeader = 10;
const flags = { headerCheck: 2, extra: 4, name: 8, comment: 16 } as const;

/** Bytes that come when they are asked for, some at a time; what was not used can be given back. */
class Supply {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterator<Uint8Array>) {
    this.#chunks = chunks;
  }

  /** Up to so many bytes; none at the end. */
  async take(most: number): Promise<Uint8Array> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done) break;
      // The memory of a chunk is used again for the next one.
      this.#rest = value.slice();
    }
    const taken = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  async byte(): Promise<number> {
    const [value] = await this.take(1);
    if (value === undefined) throw new Error('unexpected end of file');
    return value;
  }

  giveBack(bytes: Uint8Array): void {
    this.#rest = Buffer.concat([bytes, this.#rest]);
  }
}

/** RFC 1952, section 2.3. False at the end of the file, and where only zeros are left. */
async function skipHeader(supply: Supply): Promise<boolean> {
  const head: number[] = [];
  for (let [first] = await supply.take(1); ; [first] = await supply.take(1)) {
    if (first === undefined) return false;
    if (first === 0) continue;
    head.push(first);
    break;
  }
  while (head.length < fixedHeader) head.push(await supply.byte());
  if (head[0] !== 0x1f || head[1] !== 0x8b || head[2] !== 8) throw new Error('other bytes follow what is compressed');
  const given = head[3] as number;
  if (given & flags.extra) await skip(supply, (await supply.byte()) + 256 * (await supply.byte()));
  if (given & flags.name) await skipText(supply);
  if (given & flags.comment) await skipText(supply);
  if (given & flags.headerCheck) await skip(supply, 2);
  return true;
}

async function skip(supply: Supply, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await supply.byte();
}

async function skipText(supply: Supply): Promise<void> {
  while ((await supply.byte()) !== 0);
}

const written = (inflate: InflateRaw, piece: Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      for (const event of ['end', 'error']) inflate.off(event, done);
      resolve();
    };
    for (const event of ['end', 'error']) inflate.once(event, done);
    inflate.write(piece, done);
  });

/** One member's content; gives its check sum. */
async function* member(supply: Supply, chunkSize: number): AsyncGenerator<Uint8Array, number> {
  const inflate = createInflateRaw({ chunkSize });
  const unpacked: Uint8Array[] = [];
  const state: { ended: boolean; failed?: Error } = { ended: false };
  inflate.on('data', (bytes: Uint8Array) => unpacked.push(bytes));
  inflate.once('end', () => (state.ended = true)).once('error', (error) => (state.failed = error));
  let [given, sum] = [0, 0];
  try {
    while (!state.ended) {
      const piece = await supply.take(pieceSize);
      if (piece.length === 0) throw new Error('unexpected end of file');
      given += piece.length;
      await written(inflate, piece);
      // The end is told a moment after the last piece was taken.
      await setImmediate();
      for (const bytes of unpacked.splice(0)) {
        sum = crc32(bytes, sum);
        yield bytes;
      }
      if (state.failed) throw state.failed;
      if (state.ended) supply.giveBack(piece.subarray(piece.length - (given - inflate.bytesWritten)));
    }
  } finally {
    inflate.destroy();
  }
  return sum;
}

/** The content of a gzip file. Throws an error that says why it goes no further, after all that was sound. */
export async function* gunzipped(chunks: AsyncIterator<Uint8Array>, chunkSize: number): AsyncGenerator<Uint8Array> {
  const supply = new Supply(chunks);
  while (await skipHeader(supply)) {
    const sum = yield* member(supply, chunkSize);
    const trailer: number[] = [];
    while (trailer.length < trailerLength) trailer.push(await supply.byte());
    if (Buffer.from(trailer).readUInt32LE(0) !== sum) throw new Error('incorrect data check');
  }
}
