import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../labctl/root.ts';

// A clone in small: labctl's own prepare.mjs and compiler settings, one package (the compiler), two sources.
const clone = mkdtempSync(join(tmpdir(), 'labctl-clone-'));
afterAll(() => rmSync(clone, { recursive: true }));
const at = (path: string) => join(clone, path);

function write(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}

async function prepare(): Promise<{ code: number; said: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [at('labctl/setup/prepare.mjs')]);
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: stdout + stderr };
  }
}

const quiet = { code: 0, said: '' };
const compilation =
  /^labctl: compiling \(tsc\) …\nlabctl: compiling: done in [\d.]+ s\nlabctl: bundling \(rolldown\) …\nlabctl: bundling: done in [\d.]+ s\nlabctl: bundling the report page \(rolldown\) …\nlabctl: bundling the report page: done in [\d.]+ s\nlabctl: compiling ahead \(node\) …\nlabctl: compiling ahead: done in [\d.]+ s\n$/;
const compiled = { code: 0, said: expect.stringMatching(compilation) };

beforeAll(async () => {
  const config = JSON.parse(readFileSync(join(packageRoot, 'tsconfig.json'), 'utf8'));
  write('tsconfig.json', JSON.stringify({ ...config, compilerOptions: { ...config.compilerOptions, types: [] } }));
  for (const name of ['tsconfig.build.json', 'rolldown.config.mjs']) cpSync(join(packageRoot, name), at(name));
  mkdirSync(at('labctl/setup'), { recursive: true });
  for (const name of ['prepare.mjs', 'labctl.cjs', 'load.cjs', 'keep-code.cjs'])
    cpSync(join(packageRoot, 'labctl/setup', name), at(`labctl/setup/${name}`));
  write('compiler/package.json', '{"name": "typescript", "version": "7.0.0"}');
  write('compiler/bin/tsc', `import(${JSON.stringify(join(packageRoot, 'node_modules/typescript/bin/tsc'))});`);
  write('bundler/package.json', '{"name": "rolldown", "version": "1.0.0", "type": "module"}');
  write('bundler/bin/cli.mjs', `import(${JSON.stringify(join(packageRoot, 'node_modules/rolldown/bin/cli.mjs'))});`);
  const clonePackage = {
    name: 'clone',
    version: '1.0.0',
    type: 'module',
    dependencies: { typescript: 'file:compiler', rolldown: 'file:bundler' },
  };
  write('package.json', JSON.stringify(clonePackage));
  write('labctl/cli.ts', "#!/usr/bin/env node\nimport { one } from './one.ts';\nif (one !== 1) throw one;\n");
  write('labctl/one.ts', 'export const one = 1;\n');
  write('labctl/page/main.ts', 'document.title = String(1);\n');
  await promisify(execFile)('npm', ['install', '--package-lock-only', '--offline', '--ignore-scripts'], { cwd: clone });
});

describe('prepare.mjs', () => {
  it('installs and compiles in a fresh clone, and leaves a program that can be executed', async () => {
    const { code, said } = await prepare();
    expect(said).toMatch(
      /installing npm packages \(npm ci --ignore-scripts\) …[\s\S]*done in[\s\S]*compiling: done in/,
    );
    expect(code).toBe(0);
    expect(statSync(at('dist/cli.cjs')).mode & 0o111).toBe(0o111);
    await promisify(execFile)(at('dist/cli.cjs'));
  });

  it('keeps compiled code, without which, or with the code of another Node, the program starts as well', async () => {
    const kept = at('dist/bundle/cli.cjs.code');
    const whole = readFileSync(kept);
    const foreign = Buffer.from(whole);
    foreign.writeUInt32LE(foreign.readUInt32LE(4) ^ 1, 4); // V8's own version comes after its magic number.
    for (const code of [whole, foreign, whole.subarray(0, 100), Buffer.alloc(0)]) {
      writeFileSync(kept, code);
      expect(await promisify(execFile)(at('dist/cli.cjs'))).toEqual({ stdout: '', stderr: '' });
    }
    rmSync(kept);
    expect(await promisify(execFile)(at('dist/cli.cjs'))).toEqual({ stdout: '', stderr: '' });
  });

  it('is called by the program that npx finds, but only where nothing is compiled yet', async () => {
    const program = at('labctl/setup/labctl.cjs');
    expect(await promisify(execFile)(program)).toEqual({ stdout: '', stderr: '' });
    rmSync(at('dist'), { recursive: true });
    expect((await promisify(execFile)(program)).stderr).toMatch(compilation);
    expect(await prepare()).toEqual(quiet);
  });

  it('does and says nothing the second time', async () => {
    expect(await prepare()).toEqual(quiet);
  });

  it('compiles again after a source changed, and only once', async () => {
    write('labctl/one.ts', 'export const one = 1;\nexport const two = 2;\n');
    expect(await prepare()).toEqual(compiled);
    expect(await prepare()).toEqual(quiet);
  });

  it('notices an older source that took the place of a newer one', async () => {
    write('labctl/one.ts', 'export const one = 1;\n');
    utimesSync(at('labctl/one.ts'), new Date('2020-01-01'), new Date('2020-01-01'));
    expect(await prepare()).toEqual(compiled);
  });

  it('removes what was compiled from a source that is gone', async () => {
    write('labctl/gone.ts', 'export {};\n');
    await prepare();
    expect(existsSync(at('dist/labctl/gone.js'))).toBe(true);
    rmSync(at('labctl/gone.ts'));
    expect(await prepare()).toEqual(compiled);
    expect(existsSync(at('dist/labctl/gone.js'))).toBe(false);
  });

  it('makes again what was deleted from dist', async () => {
    rmSync(at('dist/labctl/one.js'));
    expect(await prepare()).toEqual(compiled);
    expect(existsSync(at('dist/labctl/one.js'))).toBe(true);
  });

  it('leaves tests uncompiled', async () => {
    write('labctl/one.test.ts', 'export {};\n');
    expect(await prepare()).toEqual(quiet);
    expect(existsSync(at('dist/labctl/one.test.js'))).toBe(false);
  });

  it('misses nothing of what the compiler is told to leave out', async () => {
    write('labctl/plan/testing.ts', 'export {};\n');
    write('labctl/views/stories.ts', 'export {};\n');
    expect(await prepare()).toEqual(quiet);
    expect(existsSync(at('dist/labctl/plan/testing.js'))).toBe(false);
  });

  it('fails with the compiler’s words until the source is right', async () => {
    write('labctl/wrong.ts', 'export const wrong: string = 1;\n');
    const failure = { code: 3, said: expect.stringMatching(/labctl\/wrong\.ts\(1,14\): error TS2322/) };
    expect(await prepare()).toEqual(failure);
    expect(await prepare()).toEqual(failure);
    rmSync(at('labctl/wrong.ts'));
    expect(await prepare()).toEqual(compiled);
  });

  it('installs again when npm’s note of the last install is missing, as after one that was cut off', async () => {
    renameSync(at('node_modules/.package-lock.json'), at('node_modules/.other'));
    expect((await prepare()).said).toMatch(/installing npm packages/);
    expect(await prepare()).toEqual(quiet);
  });

  it('says what to do when the lock does not fit', async () => {
    write('package.json', JSON.stringify({ name: 'clone', version: '1.0.0', dependencies: { 'not-there': '1' } }));
    rmSync(at('node_modules'), { recursive: true });
    const { code, said } = await prepare();
    expect(code).toBe(3);
    expect(said).toMatch(/npm ci --ignore-scripts failed/);
  });
});
