import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../root.ts';
import { commandName } from './command-name.ts';

const scratch = mkdtempSync(join(tmpdir(), 'labctl-root-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const program = join(packageRoot, 'labctl', 'setup', 'labctl.cjs');

/** A folder with a `labctl` in it that leads to `target`. */
function binFolder(name: string, target: string): string {
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
  symlinkSync(target, join(folder, 'labctl'));
  return folder;
}

describe('commandName', () => {
  it('is npx labctl in the clone and in its folders', () => {
    expect(commandName({ PATH: '/usr/bin' }, packageRoot)).toBe('npx labctl');
    expect(commandName({}, join(packageRoot, 'labctl'))).toBe('npx labctl');
  });

  it('is the file itself outside of the clone', () => {
    expect(commandName({ PATH: '' }, scratch)).toBe(`node ${program}`);
  });

  it('is labctl once that leads to this very package', () => {
    expect(commandName({ PATH: binFolder('bin', program) }, scratch)).toBe('labctl');
  });

  it('is not taken in by another labctl, nor by what npx puts on PATH while it runs', () => {
    const npx = binFolder(join('_npx', 'node_modules', '.bin'), program);
    const other = binFolder('other', '/bin/true');
    expect(commandName({ PATH: `${npx}:${other}` }, packageRoot)).toBe('npx labctl');
  });
});
