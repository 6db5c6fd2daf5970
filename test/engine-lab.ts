// A small lab as a value and as the same Compose file, in a folder of its own: what the engine tests bring up.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Engine } from '../labctl/engine/engine.ts';
import type { EngineEvent } from '../labctl/model/engine-event.ts';
import type { HostSpec, Lab, NetworkSpec } from '../labctl/model/lab.ts';
import { labName } from './engine-under-test.ts';

export const image = 'labctl-test/engine';

export const network = (name: string): NetworkSpec => ({
  name,
  internal: true,
  driverOpts: { 'com.docker.network.bridge.inhibit_ipv4': 'true' },
  labels: {},
});

export function host(name: string, networks: string[], context: string): HostSpec {
  return {
    name,
    image,
    build: { context, dockerfile: 'Dockerfile', network: 'none' },
    command: ['sleep', 'infinity'],
    environment: { LESSON: 'tcp' },
    attachments: networks.map((attached) => ({ network: attached, aliases: [] })),
    capDrop: ['ALL'],
    capAdd: ['NET_ADMIN', 'NET_RAW', 'SETUID', 'SETGID', 'KILL'],
    securityOpt: ['no-new-privileges:true'],
    pidsLimit: 256,
    memoryLimit: 256 * 1024 * 1024,
    cpus: 1,
    init: true,
    readOnly: true,
    tmpfs: { '/work': 'exec,size=64m,mode=755,uid=1000,gid=1000' },
    sysctls: { 'net.ipv4.tcp_syn_retries': '3' },
    labels: {},
  };
}

const serviceText = (spec: HostSpec) => ({
  image: spec.image,
  command: spec.command,
  environment: spec.environment,
  networks: spec.attachments.map((attachment) => attachment.network),
  cap_drop: spec.capDrop,
  cap_add: spec.capAdd,
  init: spec.init,
});

/** As labctl's own Compose file says such hosts; JSON is YAML too. */
function composeText({ hosts, networks }: Lab): string {
  const file = {
    version: '2.4',
    services: Object.fromEntries(hosts.map((spec) => [spec.name, serviceText(spec)])),
    networks: Object.fromEntries(networks.map((spec) => [spec.name, { internal: true, driver_opts: spec.driverOpts }])),
  };
  return JSON.stringify(file, null, 1);
}

export interface TestLab extends AsyncDisposable {
  lab: Lab;
  folder: string;
  /** Writes the Compose file anew after the lab was changed. */
  write(): void;
}

/** A lab of one server and two clients on `lab`, with the server and client2 also on `side`. */
export function testLab(engine: Engine, purpose: string): TestLab {
  const name = labName(purpose);
  const folder = mkdtempSync(join(tmpdir(), 'labctl-test-'));
  writeFileSync(join(folder, 'Dockerfile'), 'FROM labctl/base\n');
  writeFileSync(join(folder, 'Makefile'), 'install:\n\tmkdir -p $(DESTDIR)/usr/local/bin\n');
  const lab: Lab = {
    name,
    file: join(folder, 'docker-compose.yml'),
    hosts: [
      host('server', ['lab', 'side'], folder),
      host('client1', ['lab'], folder),
      host('client2', ['side', 'lab'], folder),
    ],
    networks: [network('lab'), network('side')],
  };
  const write = () => writeFileSync(lab.file, composeText(lab));
  write();
  return {
    lab,
    folder,
    write,
    async [Symbol.asyncDispose]() {
      await engine.down(name);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Brings the lab up and gives what had to be done, in words. */
export async function upInWords(engine: Engine, { lab }: TestLab): Promise<string[]> {
  const events: EngineEvent[] = [];
  const result = await engine.up(lab, { on: (event) => events.push(event) });
  expect(result.changed).toBe(events.length > 0);
  expect(result.lab).toEqual(await engine.find(lab.name));
  return events.map(
    (event) => `${event.kind} ${'host' in event ? event.host : 'network' in event ? event.network : ''}`,
  );
}

/** When the host's first process began, in ticks since the boot (proc_pid_stat(5), field 22): another host, another time. */
export async function identityOf(engine: Engine, lab: string, name: string): Promise<string> {
  const { stdout } = await (await engine.host(lab, name)).exec(['cut', '-d', ' ', '-f', '22', '/proc/1/stat']);
  return stdout.trim();
}

/** Kills the program that the host was made for, and with it the host; returns when the engine knows. */
export async function endFirstProgram(engine: Engine, lab: string, name: string): Promise<void> {
  const running = await engine.host(lab, name);
  await running.exec(['sh', '-c', 'kill -KILL $(ps -o pid= --ppid 1)'], { user: '0' }).catch(() => undefined);
  const state = async () => (await engine.find(lab))?.hosts.find((one) => one.name === name)?.state;
  await expect.poll(state, { timeout: 10_000 }).toBe('exited');
}
