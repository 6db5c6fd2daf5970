import { describe, expect, it } from 'vitest';
import { traceReader } from './build-trace.ts';

// As Engine 20.10.24 sent them while it built `COPY a /a`, and while `RUN` found no shell.
const waiting =
  'CqMBCkdzaGEyNTY6MDc3MThlZmIyY2YyYTBmMWY4YzAxYzQ3MjE1MDRmMTlhYjhiNTQ3NWI1YWYxZjYxNjUwNzdkOGRhNTU1ZGVhZhJHc2hhMjU2OjFkYzFlNDUyMjg5MWU2NTgxMmJmODQzODhlOTljOGZiNmQ4YjJhNGE4ZGMyNzZkN2M4ZWY3MGVmZjg0MDRlZWIaD1sxLzFdIENPUFkgYSAvYQ==';
const started =
  'CrEBCkdzaGEyNTY6MDc3MThlZmIyY2YyYTBmMWY4YzAxYzQ3MjE1MDRmMTlhYjhiNTQ3NWI1YWYxZjYxNjUwNzdkOGRhNTU1ZGVhZhJHc2hhMjU2OjFkYzFlNDUyMjg5MWU2NTgxMmJmODQzODhlOTljOGZiNmQ4YjJhNGE4ZGMyNzZkN2M4ZWY3MGVmZjg0MDRlZWIaD1sxLzFdIENPUFkgYSAvYSoMCIrCltgGEJPgy44C';

/** A field of bytes, as protobuf writes it where both numbers are small. */
const bytes = (number: number, content: Buffer | string): Buffer => {
  const all = Buffer.from(content);
  return Buffer.concat([Buffer.from([number * 8 + 2, all.length]), all]);
};

describe('traceReader', () => {
  it('tells a step when it starts, once', () => {
    const read = traceReader();
    expect([waiting, started, started].map(read)).toEqual(['', '[1/1] COPY a /a\n', '']);
  });

  it('gives what a step prints, whatever else stands there', () => {
    const log = Buffer.concat([bytes(1, 'sha256:x'), Buffer.from([3 * 8, 0x81, 0x01]), bytes(4, 'gcc: é\n')]);
    expect(traceReader()(bytes(3, log).toString('base64'))).toBe('gcc: é\n');
  });

  it('fails at nothing that may come', () => {
    const message = Buffer.from(started, 'base64');
    for (let end = 0; end < message.length; end++)
      expect(() => traceReader()(message.subarray(0, end).toString('base64'))).not.toThrow();
    expect(traceReader()('')).toBe('');
    expect(traceReader()('/////////////////w==')).toBe('');
  });
});
