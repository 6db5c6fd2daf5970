import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { connectionText, findConnection } from './connection.ts';

describe('findConnection', () => {
  it('knows the usual socket, and reads DOCKER_HOST', () => {
    expect(connectionText(findConnection({}))).toBe('/var/run/docker.sock');
    expect(connectionText(findConnection({ DOCKER_HOST: '' }))).toBe('/var/run/docker.sock');
    expect(connectionText(findConnection({ DOCKER_HOST: 'unix:///run/user/1000/docker.sock' }))).toBe(
      '/run/user/1000/docker.sock',
    );
    expect(findConnection({ DOCKER_HOST: 'tcp://lab:2375' })).toMatchObject({ kind: 'tcp', host: 'lab', port: 2375 });
    expect(connectionText(findConnection({ DOCKER_HOST: 'tcp://lab' }))).toBe('tcp://lab:2375');
  });

  it.each(['lab:2375', 'ftp://lab', 'tcp://', 'nonsense'])('refuses what it cannot use: %s', (DOCKER_HOST) => {
    expect(() => findConnection({ DOCKER_HOST })).toThrow(`DOCKER_HOST is "${DOCKER_HOST}", which labctl cannot use`);
  });

  it('says where the certificates should be', () => {
    const environment = { DOCKER_HOST: 'tcp://lab:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nowhere' };
    expect(() => findConnection(environment)).toThrow('/nowhere does not hold ca.pem, cert.pem and key.pem');
  });

  it('reads ssh addresses with user, port and path', () => {
    expect(findConnection({ DOCKER_HOST: 'ssh://lab' })).toEqual({
      kind: 'ssh',
      host: 'lab',
      socketPath: '/var/run/docker.sock',
    });
    const full = findConnection({ DOCKER_HOST: 'ssh://ada@lab:2222/run/user/1000/docker.sock' });
    expect(full).toEqual({
      ...{ kind: 'ssh', host: 'lab', user: 'ada', port: 2222 },
      socketPath: '/run/user/1000/docker.sock',
    });
    expect(connectionText(full)).toBe('ssh://ada@lab:2222');
  });
});

describe('docker contexts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'labctl-contexts-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  function write(name: string, docker: object, certificates: Record<string, string> = {}): void {
    const id = createHash('sha256').update(name).digest('hex');
    const place = (kind: string, ...rest: string[]) => join(folder, 'contexts', kind, id, ...rest);
    mkdirSync(place('meta'), { recursive: true });
    writeFileSync(place('meta', 'meta.json'), JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker } }));
    if (Object.keys(certificates).length > 0) mkdirSync(place('tls', 'docker'), { recursive: true });
    for (const [file, text] of Object.entries(certificates)) writeFileSync(place('tls', 'docker', file), text);
  }
  const environment = { DOCKER_CONFIG: folder };

  it('takes the one in use, the one of DOCKER_CONTEXT before it, and DOCKER_HOST before both', () => {
    write('rootless', { Host: 'unix:///run/user/1000/docker.sock' });
    write('far', { Host: 'tcp://lab:2376', SkipTLSVerify: true }, { 'ca.pem': 'CA', 'key.pem': 'KEY' });
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ currentContext: 'rootless' }));
    expect(connectionText(findConnection(environment))).toBe('/run/user/1000/docker.sock');
    expect(findConnection({ ...environment, DOCKER_CONTEXT: 'far' })).toEqual({
      ...{ kind: 'tcp', host: 'lab', port: 2376 },
      tls: { ca: Buffer.from('CA'), key: Buffer.from('KEY'), rejectUnauthorized: false },
    });
    expect(connectionText(findConnection({ ...environment, DOCKER_CONTEXT: 'default' }))).toBe('/var/run/docker.sock');
    expect(connectionText(findConnection({ ...environment, DOCKER_HOST: 'tcp://here' }))).toBe('tcp://here:2375');
  });

  it('says that a context is not there', () => {
    expect(() => findConnection({ ...environment, DOCKER_CONTEXT: 'nosuch' })).toThrow(
      'there is no Docker context "nosuch"',
    );
  });
});
