// Packs labctl, installs the package somewhere else as everybody would, and runs a lesson from yet another folder.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../labctl/root.ts';
import { labName } from './engine-under-test.ts';
import { environment } from './labctl.ts';

const execute = promisify(execFile);
const lab = labName('pack');
let place: string;
let env: NodeJS.ProcessEnv;

/** npm as in a shell of its own: what an npm above told its scripts is not for this one. */
const npm = (argv: string[], cwd: string) => execute('npm', argv, { cwd, env, maxBuffer: 1 << 24 });
const labctl = (...argv: string[]) =>
  execute(join(place, 'global/bin/labctl'), ['--lab', lab, '--engine', 'embedded', ...argv], {
    cwd: join(place, 'elsewhere'),
    env,
    maxBuffer: 1 << 24,
  });

beforeAll(async () => {
  // Not below a folder in which somebody may have left a Compose file.
  place = await mkdtemp('/var/tmp/labctl-pack-');
  env = Object.fromEntries(Object.entries(environment).filter(([name]) => !/^npm_/i.test(name)));
  Object.assign(env, { HOME: place, XDG_STATE_HOME: join(place, 'state'), npm_config_cache: await cacheFolder() });
  await mkdir(join(place, 'elsewhere'));
  await npm(['pack', '--silent', '--pack-destination', place], packageRoot);
  const [tarball = ''] = (await readdir(place)).filter((name) => name.endsWith('.tgz'));
  // Nothing of ours is to run at an installation, and what others would compile is not needed.
  const quiet = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await npm(['install', '--global', '--prefix', join(place, 'global'), ...quiet, join(place, tarball)], place);
});
afterAll(async () => {
  await labctl('down').catch(() => undefined);
  await rm(place, { recursive: true, force: true });
});

/** The packages were fetched when this checkout was prepared; they are not fetched twice. */
async function cacheFolder(): Promise<string> {
  return (await execute('npm', ['config', 'get', 'cache'])).stdout.trim();
}

it('runs a lesson from any folder, on the engine it finds, and keeps the run outside of the package', async () => {
  const { stdout } = await labctl('run', 'second-client');
  expect(stdout).toMatch(/(\d+) of \1 expectations met/);
  expect(await readdir(join(place, 'state/labctl/runs'))).toEqual([lab]);
  expect(existsSync(join(place, 'global/lib/node_modules/labctl/runs'))).toBe(false);
  const { runs } = JSON.parse((await labctl('runs', '--json')).stdout) as { runs: { verdict: string }[] };
  expect(runs).toMatchObject([{ scenario: 'second-client', outcome: 'complete', verdict: 'met' }]);
  await labctl('runs', 'rm', '--keep', '0', '--yes');
  expect(await readdir(join(place, 'state/labctl/runs', lab))).toEqual([]);
});

it('a program’s output and code come as JSON, too', async () => {
  const failed = await labctl('--json', 'exec', 'server', 'sh', '-c', 'echo out; echo err >&2; exit 7').catch(
    (error: { code: number; stdout: string }) => error,
  );
  expect(failed).toMatchObject({ code: 7 });
  expect(JSON.parse(failed.stdout)).toMatchObject({ host: 'server', code: 7, stdout: 'out\n', stderr: 'err\n' });
});

it('brings what it needs and nothing else: no scripts at installation, no tests, the manual page', async () => {
  const home = join(place, 'global/lib/node_modules/labctl');
  const { scripts } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
  expect((await readdir(home)).sort()).toEqual([
    'LICENSE',
    'README.md',
    'dist',
    'docker-compose.yml',
    'docs',
    'images',
    'labctl',
    'labs',
    'node_modules',
    'package.json',
    'scenarios',
  ]);
  const page = await readFile(join(place, 'global/share/man/man1/labctl.1'), 'utf8');
  expect(page).toContain('.TH LABCTL 1');
});
