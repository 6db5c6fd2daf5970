// The frames that go between labctl and a keeper while a program runs: kind, length, payload (see keeper/keeper.py).

export interface Frame {
  kind: string;
  payload: Buffer;
}

const headLength = 5;

export function frame(kind: string, payload: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.alloc(headLength);
  head.write(kind, 'latin1');
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
}

/** The frames in a stream of bytes; what is cut off at its end is left out. */
export async function* framesIn(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let rest = Buffer.alloc(0);
  for await (const chunk of bytes) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let at = 0;
    while (rest.length - at >= headLength) {
      const end = at + headLength + rest.readUInt32BE(at + 1);
      if (rest.length < end) break;
      yield { kind: rest.toString('latin1', at, at + 1), payload: rest.subarray(at + headLength, end) };
      at = end;
    }
    rest = rest.subarray(at);
  }
}
