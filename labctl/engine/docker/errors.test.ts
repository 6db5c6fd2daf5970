import { describe, expect, it } from 'vitest';
import { LabError } from '../../model/lab-error.ts';
import type { Connection } from './connection.ts';
import { at, connectionError, isRefusal, refusal } from './errors.ts';

const socket: Connection = { kind: 'unix', socketPath: '/var/run/docker.sock' };
const failed = (code: string) => connectionError(Object.assign(new Error(`connect ${code}`), { code }), socket);

describe('connectionError', () => {
  it.each([
    ['ENOENT', 'no Docker Engine answers at /var/run/docker.sock', 'labctl doctor --fix'],
    ['ECONNREFUSED', 'no Docker Engine answers at /var/run/docker.sock', 'labctl doctor --fix'],
    ['EACCES', 'no permission to use the Docker Engine at /var/run/docker.sock', 'usermod -aG docker'],
    ['ECONNRESET', 'the connection to the Docker Engine at /var/run/docker.sock was lost', 'labctl doctor'],
  ])('says what %s means', (code, message, hint) => {
    expect(failed(code).kind).toBe('engine');
    expect(failed(code).message).toContain(message);
    expect(failed(code).hint).toContain(hint);
  });
});

describe('refusal', () => {
  it("keeps the engine's words and status", () => {
    const error = refusal(409, '{"message":"name is taken"}\n');
    expect([error.message, isRefusal(error, 409), isRefusal(error, 404)]).toEqual(['name is taken', true, false]);
    expect(refusal(500, 'not JSON').message).toBe('not JSON');
    expect(refusal(502, '').message).toBe('the engine answered with status 502');
  });

  it('knows a full disk', () => {
    const error = refusal(500, '{"message":"write /var/lib/docker/x: no space left on device"}');
    expect(error.message).toContain("the engine's disk is full");
    expect(error.hint).toContain('docker system prune');
  });
});

describe('at', () => {
  it('names the place once, and leaves what is no refusal alone', () => {
    const placed = at('host server', refusal(500, 'broken'));
    expect(placed).toMatchObject({ where: 'host server', message: 'broken', status: 500 });
    expect(at('host client1', placed)).toBe(placed);
    const other = new LabError('usage', 'other');
    expect(at('host server', other)).toBe(other);
  });
});
