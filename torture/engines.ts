// The ways to a Docker Engine that can be tried on this machine, each with a whole lab: up, two lessons (one of them loses
// packets on the wire), a live capture, down. Prints a table in Markdown.
//
//     npm run torture -- engines [unix:///path/of/a/podman.sock …]

import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { packageRoot } from '../labctl/root.ts';
import { say } from './say.ts';

const cli = join(packageRoot, 'dist/cli.cjs');
const socket = '/var/run/docker.sock';
const patience = 900_000;

interface Way {
  name: string;
  env: Record<string, string>;
}

/** A CA, a server and a client, as Docker's manual has them made. */
function certificates(folder: string): void {
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

/** What dockerd's own TLS port would be: nobody without a certificate of the CA comes in. Gives its port. */
function tlsPort(folder: string): Promise<number> {
  const read = (name: string) => readFileSync(join(folder, name));
  // An exec that is told the end of its input goes on printing.
  const options = {
    allowHalfOpen: true,
    ca: read('ca.pem'),
    cert: read('server-cert.pem'),
    key: read('server-key.pem'),
  };
  const server = createServer({ ...options, requestCert: true, rejectUnauthorized: true }, (client) => {
    const engine = connect({ path: socket, allowHalfOpen: true });
    client.pipe(engine).pipe(client);
    for (const end of [client, engine]) end.on('error', () => [client, engine].forEach((one) => one.destroy()));
  });
  server.unref();
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
  );
}

/** A context as `docker context create` writes it. */
function context(config: string, name: string, address: string, tls?: string): void {
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
function sshWay(folder: string): { way: Way; end: () => void } | undefined {
  const port = '22922';
  try {
    for (const name of ['host', 'id'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
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

interface Told {
  ok: boolean;
  /** The exit code and the last line of the complaint. */
  why: string;
}

/** Progress and hints are no complaint; an unmet expectation is told on standard output, and its exit code says so. */
function complaint(code: unknown, stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !/^ *[·✓»«▸→]/.test(line));
  return `exit code ${String(code)} ${lines.at(-1)?.trim() ?? ''}`.trim();
}

function labctl(way: Way, folder: string, argv: string[]): Promise<Told> {
  const env = { ...process.env, XDG_STATE_HOME: folder, LANG: 'C.UTF-8', NO_COLOR: '1', ...way.env };
  return new Promise((resolve) => {
    const options = { env, maxBuffer: 1 << 26, timeout: patience };
    execFile(process.execPath, [cli, '--lab', `matrix-${process.pid}`, ...argv], options, (error, _stdout, stderr) =>
      resolve({ ok: !error, why: error ? complaint(error.code, stderr) : '' }),
    );
  });
}

/** Captures until one packet of a lesson came by; what cannot be captured ends by itself. */
async function captured(way: Way, folder: string): Promise<Told> {
  const env = { ...process.env, XDG_STATE_HOME: folder, ...way.env };
  const command = `"$0" "$1" --lab matrix-${process.pid} capture server --filter 'tcp port 5000' | tshark -r - -c 1`;
  const capturing = new Promise<Told>((resolve) => {
    execFile('bash', ['-c', command, process.execPath, cli], { env, timeout: 60_000 }, (_error, stdout, stderr) => {
      const ok = stdout.includes('5000');
      resolve({ ok, why: ok ? '' : (stderr.trim().split('\n').at(-1) ?? '') });
    });
  });
  await labctl(way, folder, ['run', 'first-client']);
  return capturing;
}

/** Gives the row of the table; what is under way stops at the first failure, but the lab always goes. */
async function tried(way: Way, folder: string): Promise<string> {
  const steps: [title: string, run: () => Promise<Told>][] = [
    ['up', () => labctl(way, folder, ['up'])],
    ['first-client', () => labctl(way, folder, ['run', 'first-client'])],
    ['lost-data', () => labctl(way, folder, ['run', 'lost-data'])],
    ['capture', () => captured(way, folder)],
  ];
  const cells: string[] = [];
  for (const [title, run] of steps) {
    const { ok, why } = await run();
    say(`${way.name}: ${title}: ${ok ? 'ok' : why}`);
    cells.push(ok ? 'ok' : why);
    if (!ok && title === 'up') break;
  }
  const { ok, why } = await labctl(way, folder, ['down']);
  while (cells.length < steps.length) cells.push('');
  return `| ${[way.name, ...cells, ok ? 'ok' : why].join(' | ')} |`;
}

/** Every way that this machine has; further ones by their addresses. False when one of the ways to Docker failed. */
export async function engines(addresses: string[]): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'labctl-matrix-'));
  certificates(folder);
  const address = `tcp://127.0.0.1:${await tlsPort(folder)}`;
  const config = join(folder, 'config');
  context(config, 'here', `unix://${socket}`);
  context(config, 'far', address, folder);
  const ssh = sshWay(folder);
  const ways: Way[] = [
    { name: 'the usual socket', env: {} },
    {
      name: 'DOCKER_HOST=tcp://… with TLS',
      env: { DOCKER_HOST: address, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder },
    },
    { name: 'a context, unix', env: { DOCKER_CONFIG: config, DOCKER_CONTEXT: 'here' } },
    { name: 'a context, tcp with TLS', env: { DOCKER_CONFIG: config, DOCKER_CONTEXT: 'far' } },
    ...(ssh ? [ssh.way] : []),
    ...addresses.map((DOCKER_HOST) => ({ name: DOCKER_HOST, env: { DOCKER_HOST } })),
  ];
  const rows: string[] = [];
  try {
    for (const way of ways) rows.push(await tried(way, folder));
  } finally {
    ssh?.end();
    rmSync(folder, { recursive: true, force: true });
  }
  say(
    ['', '| way | up | first-client | lost-data | capture | down |', '|---|---|---|---|---|---|', ...rows].join('\n'),
  );
  return rows.every((row) =>
    row
      .split(' | ')
      .slice(1)
      .every((cell) => cell.replace(/ \|$/, '') === 'ok'),
  );
}
