// Installs the C programs of the lab hosts into a folder of their own and starts them on this machine's loopback.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { packageRoot } from '../labctl/root.ts';
import { LocalProgram } from './local-program.ts';

export const programs = [
  'client',
  'client6',
  'messages',
  'poll-server',
  'rude-client',
  'server',
  'server2',
  'server6',
  'slow-server',
  'udp-client',
  'udp-server',
];
export const images = join(packageRoot, 'images');
/** Where they are installed while a test file runs that called `withPrograms`. */
export let root = '';

/** Installs the programs for the tests of the calling file. */
export function withPrograms(): void {
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'labctl-programs-'));
    execFileSync('make', ['-C', join(images, 'server'), 'install', `DESTDIR=${root}`]);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
}

export const start = (name: string, ...argv: string[]) => new LocalProgram(join(root, 'usr/local/bin', name), argv);

/** A server on loopback, on a port that the kernel chose. */
export async function listening(name: string, ...argv: string[]): Promise<{ server: LocalProgram; port: string }> {
  const server = start(name, '0', '--bind', '127.0.0.1', ...argv);
  const [, port = ''] = await server.until(/ on 127\.0\.0\.1:(\d+)/);
  return { server, port };
}

export async function connected(port: string): Promise<LocalProgram> {
  const client = start('client', '127.0.0.1', port);
  await client.until(/connected\n/);
  return client;
}

export async function ended(
  name: string,
  ...argv: string[]
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  await using program = start(name, ...argv);
  program.endInput();
  const code = await program.end();
  return { code, stdout: program.stdout, stderr: program.stderr };
}

export async function answer(client: LocalProgram, line: string): Promise<void> {
  client.type(`${line}\n`);
  await client.until(new RegExp(`^${line}$`, 'm'));
}
