import { describe, expect, it } from 'vitest';
import { type ProgressLine, progressOf } from './progress.ts';

async function* bytes(text: string, size: number): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
}

async function lines(text: string, size = 1e9): Promise<ProgressLine[]> {
  const seen: ProgressLine[] = [];
  for await (const line of progressOf(bytes(text, size))) seen.push(line);
  return seen;
}

describe('progressOf', () => {
  const text = '{"stream":"Step 1/2 : FROM é\\n"}\r\n{"status":"Pulling"}\n\n{"stream":"ok"}';

  it.each([1, 2, 7, 1e9])('gives the lines whatever the chunks: %i bytes', async (size) => {
    expect(await lines(text, size)).toEqual([
      { stream: 'Step 1/2 : FROM é\n' },
      { status: 'Pulling' },
      { stream: 'ok' },
    ]);
  });

  it('passes by what is no JSON object', async () => {
    expect(await lines('nonsense\n1\nnull\n{"stream":"ok"}\n')).toEqual([{ stream: 'ok' }]);
  });

  it('fails where a line says that the work failed', async () => {
    await expect(lines('{"stream":"a"}\n{"errorDetail":{"message":"returned 2"},"error":"x"}\n')).rejects.toMatchObject(
      {
        kind: 'engine',
        message: 'returned 2',
      },
    );
    await expect(lines('{"error":"no such image"}')).rejects.toThrow('no such image');
  });
});
