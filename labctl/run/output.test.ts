import { describe, expect, it } from 'vitest';
import { Output } from './output.ts';

const bytes = (text: string) => Buffer.from(text);

describe('Output', () => {
  it('keeps text apart since the last typed line', () => {
    const output = new Output();
    output.push('stdout', bytes('connected\n'));
    output.mark();
    output.push('stdout', bytes('hello\n'));
    expect(output.all).toBe('connected\nhello\n');
    expect(output.sinceMark).toBe('hello\n');
    expect(output.seen).toBe('"hello"');
  });

  it('joins a character that came in two chunks', () => {
    const output = new Output();
    const [first = 0, second = 0] = bytes('é');
    output.push('stdout', Uint8Array.of(first));
    output.push('stdout', Uint8Array.of(second));
    expect(output.all).toBe('é');
  });

  it('counts what comes after its limit, and keeps its memory small', () => {
    const output = new Output(10);
    expect(output.push('stdout', bytes('0123456789abcdef'))).toMatchObject({ text: '0123456789', cut: 6 });
    expect(output.push('stderr', bytes('more'))).toMatchObject({ text: '', cut: 4 });
    expect(output.all).toBe('0123456789');
    expect([output.total, output.cut]).toEqual([20, 10]);
    expect(output.seen).toBe('"0123456789" (and 10 bytes more that were not kept)');
  });

  it('says so when nothing was printed', () => {
    expect(new Output().seen).toBe('nothing');
  });
});
