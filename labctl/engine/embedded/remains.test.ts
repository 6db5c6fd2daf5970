// What killed labctl left in the runtime folder goes; what lives, or was only just begun, stays.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { identityOf } from '../identity.ts';
import type { Places } from './places.ts';
import { sweepRemains } from './remains.ts';

let places: Places;
beforeEach(() => {
  places = { runtime: join(mkdtempSync(join(tmpdir(), 'labctl-remains-')), 'labctl'), cache: '/nowhere' };
});
afterEach(() => rmSync(join(places.runtime, '..'), { recursive: true }));

const made = (name: string, files: Record<string, string> = {}): string => {
  const folder = join(places.runtime, name);
  mkdirSync(join(folder, 'etc'), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
};

const gone = { 'keeper.json': JSON.stringify({ pid: process.pid, startTime: '1', bootId: 'another' }) };

it('removes the folders of labs whose keeper is gone, and those that a killed `down` had put aside', async () => {
  made('lab', gone);
  made('labctl-grade-1-2-3');
  made('.gone-0123456789ab', gone);
  made('.images');
  await sweepRemains(places, 0);
  expect(readdirSync(places.runtime)).toEqual(['.images']);
});

it('leaves what was only just begun', async () => {
  for (const name of ['lab', '.gone-0123456789ab']) made(name);
  await sweepRemains(places);
  expect(readdirSync(places.runtime)).toHaveLength(2);
});

it('leaves the lab of a keeper that lives, or that answers', async () => {
  made('lives', { 'keeper.json': JSON.stringify(identityOf(process.pid)) });
  const server = createServer((socket) => socket.destroy()).listen(join(made('answers'), 'socket'));
  await once(server, 'listening');
  await sweepRemains(places, 0);
  server.close();
  expect(readdirSync(places.runtime)).toEqual(['answers', 'lives']);
});

it('ends the keeper of a lab that a killed `down` had put aside', async () => {
  const keeper = spawn('sleep', ['1000']);
  const ended = once(keeper, 'exit');
  made('.gone-0123456789ab', { 'keeper.json': JSON.stringify(identityOf(keeper.pid ?? 0)) });
  await sweepRemains(places, 0);
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(readdirSync(places.runtime)).toEqual([]);
});

it('has nothing to do where there never was a lab', async () => {
  await expect(sweepRemains(places, 0)).resolves.toBeUndefined();
  expect(existsSync(places.runtime)).toBe(false);
});
