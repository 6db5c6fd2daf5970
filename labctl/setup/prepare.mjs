// Runs before `npm start` and `npm test`: installs the npm packages and compiles the sources, each only when stale.
// Plain JavaScript without packages (there may be none yet), and nothing in it that Node 12 could not read far enough
// to say that it is too old. Everything that needs more than Node and npm is doctor.ts's.

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const at = (...parts) => join(root, ...parts);
const dist = at('dist');
const buildInfo = at('dist/.tsbuildinfo');
const fingerprintFile = at('dist/.fingerprint');
const program = at('dist/cli.cjs');
const page = at('dist/page.js');

demandNode(20, 19);
if (packagesAreStale()) installPackages();
if (buildIsStale()) build();

function demandNode(major, minor) {
  const [hasMajor, hasMinor] = process.versions.node.split('.').map(Number);
  if (hasMajor > major || (hasMajor === major && hasMinor >= minor)) return;
  say(`this is Node ${process.versions.node}, labctl needs ${major}.${minor} or later`);
  say('see https://nodejs.org/en/download, or use a version manager such as nvm or fnm');
  process.exit(2);
}

/** npm writes node_modules/.package-lock.json last, so an install that was cut off leaves none. */
function packagesAreStale() {
  const installed = readJson(at('node_modules/.package-lock.json'));
  if (installed === undefined || typeof installed.packages !== 'object') return true;
  const wanted = readJson(at('package-lock.json')).packages;
  return Object.keys(wanted).some((path) => path !== '' && isMissing(path, wanted[path], installed.packages[path]));
}

/** Packages for another platform are optional and rightly absent; one that is here came from another machine. */
function isMissing(path, wanted, installed) {
  if (installed === undefined) return !wanted.optional;
  if (!fits(installed.os, process.platform) || !fits(installed.cpu, process.arch)) return true;
  return installed.version !== wanted.version || installed.integrity !== wanted.integrity || !existsSync(at(path));
}

function fits(allowed, ours) {
  return (
    allowed === undefined ||
    allowed.indexOf(ours) >= 0 ||
    allowed.every((name) => name[0] === '!' && name !== `!${ours}`)
  );
}

function installPackages() {
  // Within an npm script this very npm is used again; its warnings about engines and funding are no news here.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, first] = npm !== undefined && /npm-cli\.[cm]?js$/.test(npm) ? [process.execPath, [npm]] : ['npm', []];
  step('installing npm packages', 'npm ci --ignore-scripts', command, first.concat(args));
}

/** Any change of name, size or time of a source counts: a checkout may bring back older times. */
function buildIsStale() {
  const all = sources();
  if (all.some((source) => !existsSync(outputOf(source)))) rmSync(buildInfo, { force: true });
  return (
    !existsSync(buildInfo) ||
    !existsSync(program) ||
    !existsSync(page) ||
    readText(fingerprintFile) !== fingerprint(all)
  );
}

function build() {
  const all = sources();
  const before = fingerprint(all);
  // A compilation that fails may have written some of its output.
  rmSync(fingerprintFile, { force: true });
  removeOrphans(new Set(all.map(outputOf)));
  step('compiling', 'tsc', process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', at('tsconfig.build.json')]);
  bundle();
  bundlePage();
  copyFileSync(at('labctl/setup/load.cjs'), program);
  chmodSync(program, 0o755);
  keepCode();
  writeFileSync(fingerprintFile, before);
}

/** A hundred small modules take Node longer to find than labctl takes to run; rolldown.config.mjs says what goes where. */
function bundle() {
  const rolldown = [at('node_modules/rolldown/bin/cli.mjs'), '--config', at('rolldown.config.mjs')];
  step('bundling', 'rolldown', process.execPath, rolldown, 'ignore');
}

/** What V8 compiles for these need not be compiled at each start: load.cjs says more. None of them changes anything. */
function keepCode() {
  const nothing = { PATH: process.env.PATH, HOME: '/nonexistent' };
  const started = Date.now();
  say('compiling ahead (node) …');
  for (const line of [
    '--help',
    '--lab labctl-is-built exec host true',
    '--lab labctl-is-built ps',
    'run first-client --dry-run',
    'show labctl/analysis/fixtures/lossy/client1.pcapng',
    'show labctl/analysis/fixtures/lossy/client1.pcapng --jsonl conversations',
    'show labctl/analysis/fixtures/lossy/client1.pcapng --jsonl packets',
  ]) {
    const argv = [at('labctl/setup/keep-code.cjs'), ...line.split(' ')];
    spawnSync(process.execPath, argv, { cwd: root, env: nothing, stdio: 'ignore', timeout: 20_000 });
  }
  say(`compiling ahead: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** The script of the report page, one text that is put into every page; tsc checks it apart, against a browser's types. */
function bundlePage() {
  const rolldown = [at('node_modules/rolldown/bin/cli.mjs'), 'labctl/page/main.ts', '--log-level', 'warn'];
  const flags = ['--file', 'dist/page.js', '--format', 'iife', '--platform', 'browser', '--minify'];
  step('bundling the report page', 'rolldown', process.execPath, rolldown.concat(flags), 'ignore');
}

/** What the compiler's own settings take: a source that they leave out would be missed in dist at every start. */
function sources() {
  const { include, exclude } = readJson(at('tsconfig.build.json'));
  const leftOut = exclude.map(matcherOf);
  return include
    .reduce((found, folder) => found.concat(filesIn(at(folder))), [])
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .filter((file) => !leftOut.some((matcher) => matcher.test(relative(root, file).split(sep).join('/'))));
}

/** For the patterns of a tsconfig: `**` stands for folders, `*` for any name. */
function matcherOf(pattern) {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*\*\/|\*/g, (star) => (star === '*' ? '[^/]*' : '(.*/)?'))}$`);
}

function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).reduce((found, entry) => {
    const path = join(folder, entry.name);
    return found.concat(entry.isDirectory() ? filesIn(path) : [path]);
  }, []);
}

function outputOf(source) {
  return join(dist, relative(root, source)).replace(/\.ts$/, '.js');
}

function fingerprint(files) {
  const inputs = [
    'tsconfig.json',
    'tsconfig.build.json',
    'package-lock.json',
    'labctl/setup/prepare.mjs',
    'rolldown.config.mjs',
    'labctl/setup/load.cjs',
    'labctl/setup/keep-code.cjs',
  ]
    .map((name) => at(name))
    .concat(files, filesIn(at('labctl/page')));
  return inputs
    .map((file) => describe(file))
    .sort()
    .join('\n');
}

function describe(file) {
  const { size, mtimeMs } = statSync(file);
  return `${relative(root, file)} ${size} ${mtimeMs}`;
}

/** What was compiled from a source that is gone must not be found by an import or by the packager. */
function removeOrphans(wanted) {
  for (const file of filesIn(dist)) if (/\.(c?js|code)$/.test(file) && !wanted.has(file)) rmSync(file);
}

/** Output that is only a list of what was written may be ignored; complaints never are. */
function step(what, shown, command, args, output = 2) {
  say(`${what} (${shown}) …`);
  const started = Date.now();
  const { status, error, signal } = spawnSync(command, args, { cwd: root, stdio: ['ignore', output, 2] });
  if (status !== 0) {
    say(`${shown} failed${error ? `: ${error.message}` : signal ? `: ${signal}` : ` with exit code ${status}`}`);
    process.exit(signal === 'SIGINT' ? 130 : 3);
  }
  say(`${what}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function say(text) {
  process.stderr.write(`labctl: ${text}\n`);
}

function readText(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
