import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Frame, FrameReader } from './frames.ts';

const letters = { hello: 'h', ready: 'r', data: 'd', end: 'e', refused: 'x', 'new-log': 'n', gone: 'g' } as const;

function written({ kind, channel, payload }: Frame): Buffer {
  const header = Buffer.alloc(9);
  header.write(letters[kind], 0, 'latin1');
  header.writeUInt32BE(channel, 1);
  header.writeUInt32BE(payload.length, 5);
  return Buffer.concat([header, payload]);
}

const frame = fc.record({
  kind: fc.constantFrom(...(Object.keys(letters) as Frame['kind'][])),
  channel: fc.nat(2 ** 31),
  payload: fc.uint8Array({ maxLength: 300 }),
});

describe('FrameReader', () => {
  it('gives the frames that were written, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (frames, cuts) => {
          const bytes = Buffer.concat(frames.map(written));
          const reader = new FrameReader();
          const read: Frame[] = [];
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const next = at + (cuts[turn % cuts.length] ?? 1);
            read.push(...reader.push(bytes.subarray(at, next)));
            at = next;
          }
          expect(read.map((one) => ({ ...one, payload: [...one.payload] }))).toEqual(
            frames.map((one) => ({ ...one, payload: [...one.payload] })),
          );
        },
      ),
    );
  });

  it('refuses a stream that is not the recorder’s', () => {
    expect(() => new FrameReader().push(Buffer.from('Traceback (most recent call last)\0\0'))).toThrow();
    expect(() => new FrameReader().push(Buffer.from([0x7a, 0, 0, 0, 0, 0, 0, 0, 0]))).toThrow(/unknown kind/);
  });
});
