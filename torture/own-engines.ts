// Engines that are started for the matrix alone, each with folders and a network of its own, so that nothing of what runs
// on this machine is touched: dockerd with its own TLS port, Podman, and both once more as an ordinary user. Root starts
// them; they are this machine's, or those of another Debian.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { debianRoot, enter, settle } from './debian-root.ts';
import type { Way } from './engine-ways.ts';
import { say } from './say.ts';

export interface OwnEngine {
  ways: Way[];
  end: () => Promise<void>;
}

/** Where an engine's programs are, and where it keeps what it makes. */
export interface Place {
  /** The name of the other Debian, or empty. */
  suite: string;
  /** Its root, or empty. */
  root: string;
  folder: string;
}

const has = (path: string): boolean => existsSync(path);
const offers = ({ root }: Place, program: string): boolean => has(join(root, program));
const titled = (title: string, { suite }: Place): string => (suite === '' ? title : `${title}, Debian ${suite}`);

/**
 * A place for the engines of this machine (`wanted` left out), or of another Debian. `folder` is this script's own: engines
 * of ordinary users have to get there.
 */
export function placeIn(folder: string, wanted?: string): Place {
  chmodSync(folder, 0o755);
  if (wanted === undefined) return { suite: '', root: '', folder };
  const suite = basename(wanted);
  const own = join(folder, `of-${suite}`);
  mkdirSync(own);
  return { suite, root: debianRoot(folder, wanted), folder: own };
}

/** Starts a shell script in a mount namespace of its own, and waits for the socket. Undefined when it never comes. */
async function started({ root, folder }: Place, name: string, unshare: string[], command: string) {
  const log = openSync(join(folder, `${name}.log`), 'a');
  const script = root === '' ? command : `${enter(root, folder)}\n${command}`;
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

/** This machine's dockerd has a TLS port, too, that takes nobody without a certificate of the CA in the folder. */
export async function dockerd(place: Place): Promise<OwnEngine | undefined> {
  if (!offers(place, '/usr/sbin/dockerd')) return undefined;
  const { folder, root } = place;
  const home = join(folder, 'dockerd');
  mkdirSync(home);
  const data = `--data-root ${home}/data --exec-root ${home}/exec --pidfile ${home}/pid`;
  // Without a containerd of its own it would take the machine's, and its containers for its own.
  const hidden = 'mkdir -p /run/containerd; mount -t tmpfs none /run/containerd';
  const tls = `--tlsverify --tlscacert ${folder}/ca.pem --tlscert ${folder}/server-cert.pem --tlskey ${folder}/server-key.pem`;
  const far = root === '' ? `${tls} --host tcp://127.0.0.1:2376` : '';
  const run = `exec dockerd ${data} --host unix://${home}/engine.sock ${far}`;
  const one = await started(place, 'dockerd', ['--net'], `${hidden}; ip link set lo up; ${run}`);
  if (one === undefined) return undefined;
  const ways = root === '' ? waysOfMachine(one, folder) : [own('Docker', one.socket, place)];
  return { ways, end: () => ended(one.child) };
}

function waysOfMachine({ child, socket }: { child: ChildProcess; socket: string }, folder: string): Way[] {
  const inside = ['nsenter', '--target', String(child.pid), '--net'];
  const address = { DOCKER_HOST: 'tcp://127.0.0.1:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder };
  const context = { DOCKER_CONFIG: join(folder, 'config'), DOCKER_CONTEXT: 'far' };
  const local = { DOCKER_HOST: `unix://${socket}`, DOCKER_BUILDKIT: '1' };
  return [
    { name: 'a dockerd of its own, images by BuildKit', env: local, images: 'debian' },
    { name: 'its TLS port: DOCKER_HOST=tcp://…, DOCKER_TLS_VERIFY', env: address, inside },
    { name: 'a context with its TLS port', env: context, inside },
  ];
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

/** Without this Podman 5 does not start where control groups are of version 1. */
const anyGroups = 'PODMAN_IGNORE_CGROUPSV1_WARNING=1';

export async function podman(place: Place): Promise<OwnEngine | undefined> {
  if (!offers(place, '/usr/bin/podman')) return undefined;
  const home = join(place.folder, 'podman');
  mkdirSync(home);
  // In its own folder: where a program is ended for its memory, Podman's attendant leaves a file called oom.
  const run = `cd ${home}; exec env ${anyGroups} ${podmanCommand(place.folder, home)}`;
  const script = `mkdir -p /run/netns; mount -t tmpfs none /run/netns; ip link set lo up; ${run}`;
  const one = await started(place, 'podman', ['--net'], script);
  if (one === undefined) return undefined;
  return { ways: [own('Podman', one.socket, place)], end: () => ended(one.child) };
}

const own = (name: string, socket: string, place: Place): Way => ({
  name: titled(name, place),
  env: { DOCKER_HOST: `unix://${socket}` },
  // Podman 4.3 copies a whole image for each step of a build where it may not mount layers.
  images: place.root === '' ? 'all' : 'debian',
});

/** An engine of an ordinary user. `/dev/net/tun` is everybody's on most machines; here it is made so for this one alone. */
async function ofUser(place: Place, user: string, title: string, command: (home: string) => string) {
  const name = title.toLowerCase().replace(' ', '-');
  const home = join(place.folder, name);
  mkdirSync(join(home, 'run'), { recursive: true });
  execFileSync('chown', ['--recursive', user, home]);
  if (place.root !== '') settle(place.root, user);
  const environment = `PATH=/usr/sbin:/sbin:/usr/bin:/bin HOME=${home} XDG_RUNTIME_DIR=${home}/run ${anyGroups}`;
  const tun = `mknod ${home}/tun c 10 200; chmod 666 ${home}/tun; mount --bind ${home}/tun /dev/net/tun`;
  const become = `setpriv --reuid ${user} --regid ${user} --init-groups --inh-caps=-all env -i ${environment}`;
  const one = await started(place, name, [], `${tun}; cd ${home}; exec ${become} ${command(home)}`);
  return one && { ways: [own(title, one.socket, place)], end: () => ended(one.child) };
}

export const rootlessDocker = async (place: Place, user: string): Promise<OwnEngine | undefined> => {
  const script = '/usr/share/docker.io/contrib/dockerd-rootless.sh';
  if (!offers(place, script) || !offers(place, '/usr/bin/rootlesskit')) return undefined;
  const command = (home: string) =>
    `${script} --data-root ${home}/data --exec-root ${home}/exec --host unix://${home}/engine.sock`;
  return ofUser(place, user, 'rootless Docker', command);
};

export async function rootlessPodman(place: Place, user: string): Promise<OwnEngine | undefined> {
  if (!offers(place, '/usr/bin/podman')) return undefined;
  const engine = await ofUser(place, user, 'rootless Podman', (home) => podmanCommand(place.folder, home));
  if (engine === undefined) return undefined;
  // It leaves a process behind that keeps its namespaces.
  const pause = join(place.folder, 'rootless-podman/run/libpod/tmp/pause.pid');
  const end = async () => {
    await engine.end();
    const pid = has(pause) ? readFileSync(pause, 'utf8').trim() : '';
    if (pid !== '' && has(`/proc/${pid}`)) process.kill(Number(pid));
  };
  return { ...engine, end };
}
