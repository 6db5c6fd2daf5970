// What is found in a runtime folder: whoever answers there is a keeper, and a lab is what it says that it holds.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findLab, labsIn } from './find.ts';
import type { Places } from './places.ts';

let places: Places;
let servers: Server[];
beforeEach(() => {
  places = { runtime: join(mkdtempSync(join(tmpdir(), 'labctl-find-')), 'labctl'), cache: '/nowhere' };
  mkdirSync(places.runtime);
  servers = [];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  rmSync(join(places.runtime, '..'), { recursive: true });
});

const folderOf = (lab: string): string => {
  mkdirSync(join(places.runtime, lab), { recursive: true });
  return join(places.runtime, lab);
};

/** One that listens where a keeper would, and says this to everybody. */
async function answering(lab: string, answer: string): Promise<void> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  servers.push(server);
  const path = join(folderOf(lab), 'socket');
  await new Promise<void>((resolve) => server.listen(path, resolve));
}

const holding = (name: string): string =>
  JSON.stringify({ description: { name, file: 'x.yml', hosts: [], networks: [] }, running: [], version: 1 });

it('finds no lab where there is no folder, no socket, nobody who listens, or nobody who answers', async () => {
  folderOf('no-socket');
  writeFileSync(join(folderOf('no-keeper'), 'socket'), '');
  await answering('silent', '');
  await answering('empty', JSON.stringify({ description: null, running: [], version: 0 }));
  for (const lab of ['nowhere', 'no-socket', 'no-keeper', 'silent', 'empty'])
    expect([lab, await findLab(places, lab)]).toEqual([lab, undefined]);
  expect(await labsIn(places)).toEqual([]);
  expect(await labsIn({ ...places, runtime: '/nowhere/at/all' })).toEqual([]);
});

it('finds labs in the order of their names, and none that is on its way out', async () => {
  for (const lab of ['two', 'one', '.gone-0123']) await answering(lab, holding(lab));
  expect((await labsIn(places)).map(({ name, engine }) => [name, engine])).toEqual([
    ['one', 'embedded'],
    ['two', 'embedded'],
  ]);
});

it('passes on what a keeper complains of', async () => {
  await answering('broken', JSON.stringify({ failure: 'host server: no space left' }));
  await expect(findLab(places, 'broken')).rejects.toMatchObject({ where: 'host server', message: 'no space left' });
});
