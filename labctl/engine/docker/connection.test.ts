import { describe, expect, it } from 'vitest';
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

  it.each(['ssh://lab', 'lab:2375', 'tcp://', 'nonsense'])('refuses what it cannot use: %s', (DOCKER_HOST) => {
    expect(() => findConnection({ DOCKER_HOST })).toThrow(`DOCKER_HOST is "${DOCKER_HOST}", which labctl cannot use`);
  });

  it('says where the certificates should be', () => {
    const environment = { DOCKER_HOST: 'tcp://lab:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nowhere' };
    expect(() => findConnection(environment)).toThrow('/nowhere does not hold ca.pem, cert.pem and key.pem');
  });
});
