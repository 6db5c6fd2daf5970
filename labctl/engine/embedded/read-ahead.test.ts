import { expect, it } from 'vitest';
import { ReadAhead } from './read-ahead.ts';

const chunk = (text: string) => ({ bytes: Buffer.from(text) });

async function all(ahead: ReadAhead<{ bytes: Buffer }>): Promise<string> {
  let seen = '';
  for await (const { bytes } of ahead) seen += bytes.toString();
  return seen;
}

it('gives everything in order, whoever is quicker', async () => {
  const ahead = new ReadAhead<{ bytes: Buffer }>(4);
  const seen = all(ahead);
  for (const text of ['one', 'two', 'three', '']) await ahead.push(chunk(text));
  ahead.end();
  expect(await seen).toBe('onetwothree');
});

it('makes whoever fills it wait while it is full', async () => {
  const ahead = new ReadAhead<{ bytes: Buffer }>(4);
  await ahead.push(chunk('four'));
  let through = false;
  const pushed = ahead.push(chunk('x')).then(() => {
    through = true;
  });
  await new Promise(setImmediate);
  expect(through).toBe(false);
  expect((await ahead[Symbol.asyncIterator]().next()).value).toEqual(chunk('four'));
  await pushed;
});

it('gives what came before a failure, then throws it', async () => {
  const ahead = new ReadAhead<{ bytes: Buffer }>(4);
  await ahead.push(chunk('last'));
  ahead.end(new Error('broken'));
  const chunks = ahead[Symbol.asyncIterator]();
  expect((await chunks.next()).value).toEqual(chunk('last'));
  await expect(chunks.next()).rejects.toThrow('broken');
});

it('lets whoever fills it go on when nobody takes anything any more', async () => {
  const ahead = new ReadAhead<{ bytes: Buffer }>(1);
  const pushed = ahead.push(chunk('much'));
  ahead.drop();
  await pushed;
  await ahead.push(chunk('more'));
  ahead.end();
  expect(await all(ahead)).toBe('');
});
