import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listRuns, resolveRun, runsFolderFor } from './runs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labctl-runs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function made(...paths: string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(join(folder, path), { recursive: true });
    await writeFile(join(folder, path, 'events.jsonl'), '');
  }
}

const first = 'lab/20260131T120000-first-client';
const second = 'lab/20260131T120500-second-client';
const other = 'other/20260131T110000-first-client';
const broken = 'lab/20260131T130000-first-client.part';

describe('listRuns', () => {
  it('lists the runs of all labs by time, unfinished ones too, and nothing else', async () => {
    await made(first, second, other, broken, 'lab/notes', 'lab/20260131T120000-first-client~2');
    const runs = await listRuns(folder);
    expect(runs.map(({ lab, name, finished }) => `${lab} ${name} ${finished}`)).toEqual([
      'other 20260131T110000-first-client true',
      'lab 20260131T120000-first-client true',
      'lab 20260131T120000-first-client~2 true',
      'lab 20260131T120500-second-client true',
      'lab 20260131T130000-first-client false',
    ]);
    expect(runs[2]?.scenario).toBe('first-client');
  });

  it('finds none where there is no folder', async () => {
    expect(await listRuns(join(folder, 'nowhere'))).toEqual([]);
  });
});

describe('resolveRun', () => {
  it('gives the latest finished run', async () => {
    await made(first, second, broken);
    expect(await resolveRun(folder)).toBe(join(folder, second));
  });

  it('finds a run by path, name, lab and name, scenario, or the beginning of its name', async () => {
    await made(first, second, other, broken);
    expect(await resolveRun(folder, first, { cwd: folder })).toBe(join(folder, first));
    expect(await resolveRun(folder, '20260131T120500-second-client')).toBe(join(folder, second));
    expect(await resolveRun(folder, other)).toBe(join(folder, other));
    expect(await resolveRun(folder, 'first-client')).toBe(join(folder, first));
    expect(await resolveRun(folder, '20260131T1205')).toBe(join(folder, second));
    expect(await resolveRun(folder, '20260131T130000-first-client')).toBe(join(folder, broken));
  });

  it('names runs that are there when the one asked for is not', async () => {
    await made(first);
    await expect(resolveRun(folder, 'thrid-client')).rejects.toMatchObject({
      message: 'there is no run "thrid-client"',
      hint: 'there is 20260131T120000-first-client',
    });
    await expect(resolveRun(join(folder, 'nowhere'))).rejects.toThrow('there are no runs yet');
    await expect(resolveRun(folder, folder)).rejects.toThrow('this is a folder, and no run: run.json is missing');
  });
});

describe('runsFolderFor', () => {
  it('is beside the Compose file where that can be written', async () => {
    expect(await runsFolderFor(join(folder, 'docker-compose.yml'), {})).toBe(join(folder, 'runs'));
  });

  it('is the user’s state folder otherwise', async () => {
    const file = '/nowhere/docker-compose.yml';
    expect(await runsFolderFor(file, { XDG_STATE_HOME: '/state' })).toBe('/state/labctl/runs');
    expect(await runsFolderFor(file, { HOME: '/home/ada' })).toBe('/home/ada/.local/state/labctl/runs');
  });

  it('is never in an installed package, which goes with its next version', async () => {
    await made('node_modules/labctl');
    const file = join(folder, 'node_modules/labctl/docker-compose.yml');
    expect(await runsFolderFor(file, { XDG_STATE_HOME: '/state' })).toBe('/state/labctl/runs');
  });
});
