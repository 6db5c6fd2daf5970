// The ways by which Docker's own CLI would find an engine, made ready to be tried: certificates, contexts, an sshd.

import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Way {
  name: string;
  env: Record<string, string>;
  /** The words before labctl's own, where an engine's port is in a network of its own. */
  inside?: string[];
  /** What the engine has to be given before: all of the lab's images, or Debian alone to build them from. */
  images?: 'all' | 'debian';
}

/** A CA, a server and a client, as Docker's manual has them made. */
export function certificates(folder: string): void {
  const openssl = (...argv: string[]) => execFileSync('openssl', argv, { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  openssl('req', '-x509', ...key, '-days', '2', '-subj', '/CN=ca', '-keyout', 'ca-key.pem', '-out', 'ca.pem');
  writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1');
  for (const [who, prefix] of [
    ['server', 'server-'],
    ['client', ''],
  ] as const) {
    openssl('req', ...key, '-subj', `/CN=${who}`, '-keyout', `${prefix}key.pem`, '-out', `${who}.csr`);
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
    openssl('x509', '-req', '-in', `${who}.csr`, ...signed, '-out', `${prefix}cert.pem`);
  }
}

/** A context as `docker context create` writes it. */
export function context(config: string, name: string, address: string, tls?: string): void {
  const id = createHash('sha256').update(name).digest('hex');
  const place = (kind: string, ...rest: string[]) => join(config, 'contexts', kind, id, ...rest);
  mkdirSync(place('meta'), { recursive: true });
  const meta = { Name: name, Metadata: {}, Endpoints: { docker: { Host: address, SkipTLSVerify: false } } };
  writeFileSync(place('meta', 'meta.json'), JSON.stringify(meta));
  if (tls === undefined) return;
  mkdirSync(place('tls', 'docker'), { recursive: true });
  for (const file of ['ca.pem', 'cert.pem', 'key.pem'])
    writeFileSync(place('tls', 'docker', file), readFileSync(join(tls, file)));
}

/** An sshd on loopback for one key, and an `ssh` on PATH that knows it. Undefined where there is no sshd. */
export function sshWay(folder: string): { way: Way; end: () => void } | undefined {
  const port = '22922';
  try {
    for (const name of ['host', 'id'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
    execFileSync('/usr/sbin/sshd', ['-t', '-f', '/dev/null', '-h', join(folder, 'host')], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const lines = [
    ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${folder}/host`, 'StrictModes no', 'UsePAM no'],
    ...[`AuthorizedKeysFile ${folder}/id.pub`, 'PermitRootLogin prohibit-password', 'PidFile none'],
  ];
  writeFileSync(join(folder, 'sshd'), `${lines.join('\n')}\n`);
  mkdirSync(join(folder, 'bin'));
  const known = '-o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR';
  writeFileSync(join(folder, 'bin/ssh'), `#!/bin/sh\nexec /usr/bin/ssh -i ${folder}/id ${known} "$@"\n`, {
    mode: 0o755,
  });
  const sshd = spawn('/usr/sbin/sshd', ['-D', '-f', join(folder, 'sshd')], { stdio: 'ignore' });
  sshd.on('error', () => undefined);
  const path = `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`;
  const env = { DOCKER_HOST: `ssh://127.0.0.1:${port}`, PATH: path };
  return { way: { name: 'DOCKER_HOST=ssh://…', env }, end: () => void sshd.kill() };
}
