import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demultiplex, type OutputChunk } from './demultiplex.ts';

const codes = { stdout: 1, stderr: 2 } as const;
type Frame = [stream: keyof typeof codes, payload: Uint8Array];

function encode(frames: readonly Frame[]): Buffer {
  return Buffer.concat(
    frames.flatMap(([stream, payload]) => {
      const header = Buffer.alloc(8);
      header.writeUInt8(codes[stream], 0);
      header.writeUInt32BE(payload.length, 4);
      return [header, payload];
    }),
  );
}

/** The bytes in chunks of these sizes, again and again. */
async function* cut(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function collect(output: AsyncIterable<OutputChunk>): Promise<[string, string][]> {
  const runs: [string, Buffer[]][] = [];
  for await (const { stream, bytes } of output) {
    const last = runs.at(-1);
    if (last?.[0] === stream) last[1].push(Buffer.from(bytes));
    else runs.push([stream, [Buffer.from(bytes)]]);
  }
  return runs.map(([stream, parts]) => [stream, Buffer.concat(parts).toString('hex')]);
}

const frame = fc.tuple(
  fc.constantFrom('stdout' as const, 'stderr' as const),
  fc.uint8Array({ minLength: 1, maxLength: 40 }),
);
const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });

describe('demultiplex', () => {
  it('gives the same bytes in the same order, however the stream was cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frame), sizes, async (frames, cuts) => {
        const whole = encode(frames);
        expect(await collect(demultiplex(cut(whole, cuts)))).toEqual(await collect(demultiplex(cut(whole, [1e9]))));
        const all = (stream: string) => frames.filter(([name]) => name === stream).map(([, payload]) => payload);
        const seen = await collect(demultiplex(cut(whole, cuts)));
        for (const stream of ['stdout', 'stderr']) {
          const text = seen.filter(([name]) => name === stream).map(([, hex]) => hex);
          expect(text.join('')).toBe(Buffer.concat(all(stream)).toString('hex'));
        }
      }),
    );
  });

  it('passes empty frames by', async () => {
    expect(await collect(demultiplex(cut(encode([['stdout', Buffer.alloc(0)]]), [3])))).toEqual([]);
  });

  it('takes a hundred thousand frames of ten bytes in one chunk', async () => {
    const frames = encode(Array.from({ length: 100_000 }, (): Frame => ['stdout', Buffer.from('0123456789')]));
    let length = 0;
    for await (const { bytes } of demultiplex(cut(frames, [frames.length]))) length += bytes.length;
    expect(length).toBe(1_000_000);
  });

  it('reads no further than it is asked', async () => {
    let pulled = 0;
    const source = async function* () {
      for (;;) {
        pulled++;
        yield encode([['stdout', Buffer.from('x')]]);
      }
    };
    const output = demultiplex(source());
    await output.next();
    await output.next();
    expect(pulled).toBe(2);
    await output.return(undefined);
  });

  it('says when the stream ends within a frame', async () => {
    await fc.assert(
      fc.asyncProperty(frame, fc.nat(), async (one, at) => {
        const whole = encode([one]);
        const part = whole.subarray(0, 1 + (at % (whole.length - 1)));
        await expect(collect(demultiplex(cut(part, [5])))).rejects.toThrow('ended in the middle');
      }),
    );
  });

  it('refuses what is no such stream, and hands on an error of the engine', async () => {
    await expect(collect(demultiplex(cut(Buffer.from('plain text\n'), [4])))).rejects.toThrow('does not know');
    const error = encode([['stdout', Buffer.from('no such thing\n')]]);
    error.writeUInt8(3, 0);
    await expect(collect(demultiplex(cut(error, [1e9])))).rejects.toThrow('no such thing');
  });
});
