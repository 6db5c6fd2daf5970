// A Docker Engine of one's own: a second dockerd in network, mount and process namespaces of its own, with its data on a
// small file system. It can be killed and filled without harm to the machine's engine. For root.

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const group = `labctl-own-${process.pid}`;

/** Runs dockerd anew for each line that it reads; all in it dies with this first process. */
const supervisor = (folder: string, megabytes: number): string => `
set -e
mkdir -p ${folder}/data ${folder}/exec
mount -t tmpfs -o size=${megabytes}m none ${folder}/data
ip link set lo up
while :; do
  rm -f ${folder}/pid
  dockerd --data-root ${folder}/data --exec-root ${folder}/exec --pidfile ${folder}/pid \\
    --host unix://${folder}/docker.sock --cgroup-parent /${group} >>${folder}/log 2>&1 </dev/null || true
  read -r again || exit 0
done`;

const patience = 60_000;

export class OwnDockerd implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'labctl-dockerd-'));
  readonly address = `unix://${this.folder}/docker.sock`;
  readonly #shell: ChildProcess;

  private constructor(megabytes: number) {
    const argv = [
      '--pdeathsig',
      'KILL',
      'unshare',
      '--net',
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      'sh',
      '-c',
    ];
    this.#shell = spawn('setpriv', [...argv, supervisor(this.folder, megabytes)], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
  }

  /** Starts it, with the images given, which the machine's engine must have. */
  static async start(images: readonly string[], megabytes: number): Promise<OwnDockerd> {
    const own = new OwnDockerd(megabytes);
    await own.answers();
    const load = 'docker save "$@" | docker --host "$0" load';
    execFileSync('sh', ['-c', load, own.address, ...images], { stdio: ['ignore', 'ignore', 'inherit'] });
    return own;
  }

  /** Its own docker client; what it printed. */
  docker(...argv: string[]): string {
    return execFileSync('docker', ['--host', this.address, ...argv], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.#dockerd(), name);
  }

  /** Waits for its end and starts it again. */
  async restart(): Promise<void> {
    await this.#until(() => this.#find('dockerd') === undefined, 'its end');
    this.#shell.stdin?.write('again\n');
    await this.answers();
  }

  answers(): Promise<void> {
    return this.#until(() => {
      try {
        return this.docker('version', '--format', '{{.Server.Version}}') !== '';
      } catch {
        return false;
      }
    }, 'an answer');
  }

  /** Runs a shell script where its data lies in `$0`, on its own network. */
  inside(script: string): string {
    const argv = ['--target', String(this.#find('sh')), '--mount', '--net', '--pid', 'sh', '-c', script];
    return execFileSync('nsenter', [...argv, join(this.folder, 'data')], { encoding: 'utf8' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#shell.kill('SIGKILL');
    await this.#until(() => this.#shell.exitCode !== null || this.#shell.signalCode !== null, 'its end');
    const rest = `/sys/fs/cgroup/*/${group} /sys/fs/cgroup/${group}`;
    spawnSync('sh', ['-c', `find ${rest} -depth -type d -exec rmdir {} + 2>/dev/null`]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #dockerd(): number {
    const pid = this.#find('dockerd');
    if (pid === undefined) throw new Error('dockerd does not run');
    return pid;
  }

  /** unshare → sh → dockerd. */
  #find(program: 'sh' | 'dockerd'): number | undefined {
    const childrenOf = (pid: number): number[] =>
      readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    const [sh] = childrenOf(this.#shell.pid ?? 0);
    if (program === 'sh' || sh === undefined) return sh;
    return childrenOf(sh).find((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === program);
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    for (const began = performance.now(); !condition(); await delay(50))
      if (performance.now() - began > patience)
        throw new Error(`the second dockerd: no sign of ${what}; see ${this.folder}/log`);
  }
}
