// Reads what BuildKit tells of a build: protobuf messages (moby.buildkit.v1.StatusResponse), of which only the steps' names
// and what the steps print is wanted.

/** A field of a protobuf message: a length-delimited one with its bytes, any other without. */
interface Field {
  number: number;
  bytes?: Buffer;
}

/** Wire types of protobuf's encoding. */
const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** What cannot be read ends the message: half of a progress line is no reason to fail a build. */
function* fieldsOf(message: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; at < message.length; factor *= 128) {
      const byte = message[at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) break;
    }
    return value;
  };
  while (at < message.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    const length = { [wire.fixed64]: 8, [wire.fixed32]: 4, [wire.bytes]: 0, [wire.varint]: 0 }[key % 8];
    if (length === undefined) return;
    if (key % 8 === wire.bytes) {
      const end = varint() + at;
      yield { number, bytes: message.subarray(at, end) };
      at = end;
    } else {
      if (key % 8 === wire.varint) varint();
      at += length;
      yield { number };
    }
  }
}

const textOf = (message: Buffer, field: number): string =>
  [...fieldsOf(message)].find(({ number }) => number === field)?.bytes?.toString() ?? '';

/** Numbers of fields: of the message, of a step (Vertex), of a piece of output (VertexLog). */
const field = { step: 1, log: 3, name: 3, started: 5, output: 4 } as const;

const isStarted = (step: Buffer): boolean => [...fieldsOf(step)].some(({ number }) => number === field.started);

/** Gives the text of each trace (base64, as the engine sends it): a step's name once, when it starts; what steps print. */
export function traceReader(): (trace: string) => string {
  const told = new Set<string>();
  const nameOf = (step: Buffer): string => {
    const name = textOf(step, field.name);
    if (!isStarted(step) || told.has(name)) return '';
    told.add(name);
    return `${name}\n`;
  };
  return (trace) =>
    [...fieldsOf(Buffer.from(trace, 'base64'))]
      .map(({ number, bytes = Buffer.alloc(0) }) => {
        if (number === field.step) return nameOf(bytes);
        return number === field.log ? textOf(bytes, field.output) : '';
      })
      .join('');
}
