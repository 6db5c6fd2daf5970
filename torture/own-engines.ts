// Engines that are started for the matrix alone, each with folders and a network of its own, so that nothing of what runs
// on this machine is touched: dockerd with its own TLS port, Podman, and both once more as an ordinary user. Root starts them.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Way } from './engine-ways.ts';
import { say } from './say.ts';

export interface OwnEngine {
  ways: Way[];
  end: () => Promise<void>;
}

const has = (path: string): boolean => existsSync(path);

/** Starts a shell script in a mount namespace of its own, and waits for the socket. Undefined when it never comes. */
async function started(folder: string, name: string, unshare: string[], script: string) {
  const log = openSync(join(folder, `${name}.log`), 'a');
  const child = spawn('unshare', [...unshare, '--mount', '--propagation', 'private', 'sh', '-ec', script], {
    stdio: ['ignore', log, log],
  });
  const socket = join(folder, name, 'engine.sock');
  for (let tries = 0; tries < 300 && child.exitCode === null && !has(socket); tries++) await delay(100);
  if (has(socket)) return { child, socket };
  await ended(child);
  say(
    `${name} did not start: ${
      readFileSync(join(folder, `${name}.log`), 'utf8')
        .trim()
        .split('\n')
        .at(-1) ?? ''
    }`,
  );
  return undefined;
}

/** What is left of an engine that was told to end is its folder. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await over;
}

/** A dockerd whose TLS port takes nobody without a certificate of the CA in `folder`. */
export async function dockerd(folder: string): Promise<OwnEngine | undefined> {
  if (!has('/usr/sbin/dockerd')) return undefined;
  const home = join(folder, 'dockerd');
  mkdirSync(home);
  const tls = `--tlsverify --tlscacert ${folder}/ca.pem --tlscert ${folder}/server-cert.pem --tlskey ${folder}/server-key.pem`;
  const own = `--data-root ${home}/data --exec-root ${home}/exec --pidfile ${home}/pid`;
  // Without a containerd of its own it would take the machine's, and its containers for its own.
  const hidden = 'mkdir -p /run/containerd; mount -t tmpfs none /run/containerd';
  const hosts = `--host unix://${home}/engine.sock --host tcp://127.0.0.1:2376`;
  const one = await started(
    folder,
    'dockerd',
    ['--net'],
    `${hidden}; ip link set lo up; exec dockerd ${own} ${tls} ${hosts}`,
  );
  if (one === undefined) return undefined;
  const inside = ['nsenter', '--target', String(one.child.pid), '--net'];
  const address = { DOCKER_HOST: 'tcp://127.0.0.1:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder };
  const local = { DOCKER_HOST: `unix://${one.socket}`, DOCKER_BUILDKIT: '1' };
  return {
    ways: [
      { name: 'a dockerd of its own, images by BuildKit', env: local, images: 'debian' },
      { name: 'its TLS port: DOCKER_HOST=tcp://…, DOCKER_TLS_VERIFY', env: address, inside },
      {
        name: 'a context with its TLS port',
        env: { DOCKER_CONFIG: join(folder, 'config'), DOCKER_CONTEXT: 'far' },
        inside,
      },
    ],
    end: () => ended(one.child),
  };
}

/**
 * Podman may not raise limits in every sandbox, not even as root, and asks for it: an OCI runtime that leaves them out.
 * Gives its path.
 */
function withoutLimits(folder: string): string {
  const path = join(folder, 'runc');
  const drop = `import json,sys; f=sys.argv[1]; c=json.load(open(f)); c.get("process",c).pop("rlimits",None); json.dump(c,open(f,"w"))`;
  writeFileSync(
    path,
    `#!/bin/bash
before=
for word; do
  case $before in
  --bundle) python3 -c '${drop}' "$word/config.json" ;;
  --process) python3 -c '${drop}' "$word" ;;
  esac
  before=$word
done
exec /usr/sbin/runc "$@"
`,
  );
  chmodSync(path, 0o755);
  return path;
}

const podmanCommand = (folder: string, home: string): string =>
  `podman --root ${home}/root --runroot ${home}/run --cgroup-manager cgroupfs --runtime ${withoutLimits(folder)} \
system service --time 0 unix://${home}/engine.sock`;

export async function podman(folder: string): Promise<OwnEngine | undefined> {
  if (!has('/usr/bin/podman')) return undefined;
  const home = join(folder, 'podman');
  mkdirSync(home);
  const script = `mkdir -p /run/netns; mount -t tmpfs none /run/netns; ip link set lo up; exec ${podmanCommand(folder, home)}`;
  const one = await started(folder, 'podman', ['--net'], script);
  if (one === undefined) return undefined;
  return { ways: [own('Podman', one.socket)], end: () => ended(one.child) };
}

const own = (name: string, socket: string): Way => ({
  name,
  env: { DOCKER_HOST: `unix://${socket}` },
  images: 'all',
});

/** An engine of an ordinary user. `/dev/net/tun` is everybody's on most machines; here it is made so for this one alone. */
async function ofUser(folder: string, user: string, name: string, title: string, command: (home: string) => string) {
  const home = join(folder, name);
  mkdirSync(join(home, 'run'), { recursive: true });
  chmodSync(folder, 0o755);
  execFileSync('chown', ['--recursive', user, home]);
  const environment = `PATH=/usr/sbin:/sbin:/usr/bin:/bin HOME=${home} XDG_RUNTIME_DIR=${home}/run`;
  const tun = `mknod ${home}/tun c 10 200; chmod 666 ${home}/tun; mount --bind ${home}/tun /dev/net/tun`;
  const become = `setpriv --reuid ${user} --regid ${user} --init-groups --inh-caps=-all env -i ${environment}`;
  const one = await started(folder, name, [], `${tun}; cd ${home}; exec ${become} ${command(home)}`);
  return one && { ways: [own(title, one.socket)], end: () => ended(one.child) };
}

export const rootlessDocker = async (folder: string, user: string): Promise<OwnEngine | undefined> => {
  const script = '/usr/share/docker.io/contrib/dockerd-rootless.sh';
  if (!has(script) || !has('/usr/bin/rootlesskit')) return undefined;
  const command = (home: string) =>
    `${script} --data-root ${home}/data --exec-root ${home}/exec --host unix://${home}/engine.sock`;
  return ofUser(folder, user, 'rootless-docker', 'rootless Docker', command);
};

export async function rootlessPodman(folder: string, user: string): Promise<OwnEngine | undefined> {
  if (!has('/usr/bin/podman')) return undefined;
  const [name, title] = ['rootless-podman', 'rootless Podman'];
  const engine = await ofUser(folder, user, name, title, (home) => podmanCommand(folder, home));
  if (engine === undefined) return undefined;
  // It leaves a process behind that keeps its namespaces.
  const pause = join(folder, name, 'run/libpod/tmp/pause.pid');
  const end = async () => {
    await engine.end();
    const pid = has(pause) ? readFileSync(pause, 'utf8').trim() : '';
    if (pid !== '' && has(`/proc/${pid}`)) process.kill(Number(pid));
  };
  return { ...engine, end };
}
