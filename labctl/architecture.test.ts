// Holds the map of the house against the disk: who may import whom, which library lives where, who touches the outside.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from './root.ts';

/** Each room and the rooms that it may import from, itself aside. */
const table: Record<string, string[]> = {
  model: [],
  plan: ['model'],
  evidence: ['model'],
  analysis: ['model', 'evidence'],
  lesson: ['model'],
  views: ['model'],
  page: ['model', 'analysis', 'views'],
  folder: ['model', 'plan', 'evidence', 'analysis', 'lesson', 'views'],
  engine: ['model', 'plan', 'root'],
  setup: ['model', 'plan', 'engine', 'root'],
  run: ['model', 'plan', 'evidence', 'analysis', 'folder', 'engine', 'setup', 'root'],
  commands: ['model', 'plan', 'evidence', 'analysis', 'lesson', 'views', 'folder', 'engine', 'setup', 'run', 'root'],
  cli: ['model', 'commands'],
  root: [],
};

/** A library and the only places that may know it; what is not named here may be used anywhere. */
const homes: Record<string, string[]> = {
  yaml: ['plan/'],
  zod: ['model/', 'plan/'],
  dockerode: ['engine/docker/'],
  zx: ['setup/'],
};

const pure = ['model', 'plan', 'evidence', 'analysis', 'lesson', 'views'];
const effects = /^node:(fs|fs\/promises|child_process|net|http|https|tls|dgram|worker_threads|readline)$/;
/** What reads addresses lies in node:net too, and touches nothing. */
const onlyReadsAddresses = /^import \{ (isIP(v[46])?(, )?)+ \} from 'node:net';$/m;

interface Source {
  /** Relative to labctl/, e.g. `model/packet.ts`. */
  path: string;
  text: string;
  imports: string[];
  /** Those that are left when types are erased. */
  loads: string[];
  /** Those of them that do not wait until they are needed. */
  statically: string[];
}

const home = join(packageRoot, 'labctl');

function sourcesIn(folder: string): Source[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesIn(path);
    return /\.(ts|mjs|cjs)$/.test(entry.name) ? [sourceAt(path)] : [];
  });
}

function sourceAt(path: string): Source {
  const text = readFileSync(path, 'utf8');
  const code = text.replace(typeImport, '');
  const loads = importsIn(code);
  const statically = importsIn(code.replace(/\bimport\([^)]*\)/g, ''));
  return { path: relative(home, path), text, imports: importsIn(text), loads, statically };
}

const typeImport = /^(import|export) type [^;]*;/gm;

function importsIn(text: string): string[] {
  const found = text.matchAll(/^\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?\s*'([^']+)'|\bimport\(\s*'([^']+)'/gm);
  return [...found].map((match) => match[1] ?? match[2] ?? '');
}

const all = sourcesIn(home);
const shipped = all.filter(({ path }) => !path.endsWith('.test.ts'));

/** `plan` for `plan/compose.ts`, `cli` for `cli.ts`; undefined for what lies outside of labctl/. */
const roomOf = (path: string): string => path.split('/')[0]?.replace(/\.ts$/, '') ?? '';
const targetOf = (source: Source, name: string): string => join(dirname(source.path), name);
const arrow = (source: Source, name: string): string => `${source.path} → ${name}`;
const isOurs = (name: string): boolean => name.startsWith('.');

/** Every import that the test calls wrong, as `model/x.ts → ../analysis/y.ts`. */
const offences = (sources: Source[], isWrong: (source: Source, name: string) => boolean): string[] =>
  sources.flatMap((source) =>
    source.imports.filter((name) => isWrong(source, name)).map((name) => arrow(source, name)),
  );

describe('the house', () => {
  it('has the rooms of the table and no others', () => {
    expect([...new Set(shipped.map(({ path }) => roomOf(path)))].filter((room) => !(room in table))).toEqual([]);
  });

  it('imports one way', () => {
    const isWrong = (source: Source, name: string): boolean => {
      const [from, to] = [roomOf(source.path), roomOf(targetOf(source, name))];
      return isOurs(name) && from !== to && !table[from]?.includes(to);
    };
    expect(offences(shipped, isWrong)).toEqual([]);
  });

  it('loads nothing that takes long on the way to a host', () => {
    const slow = /^node:(crypto|child_process|http|https|tls|dgram|fs\/promises|readline|perf_hooks|worker_threads)$/;
    const sources = onTheWayToAHost().flatMap((name) => loadedWith(`${name}.ts`));
    expect(sources.length).toBeGreaterThan(20);
    expect(offences(sources, ({ statically }, name) => statically.includes(name) && slow.test(name))).toEqual([]);
  });

  it('has no circle of imports', () => {
    expect(circles()).toEqual([]);
  });

  it('gives yaml, zod, dockerode and zx one home each', () => {
    const isWrong = ({ path }: Source, name: string): boolean =>
      homes[name]?.every((place) => !path.startsWith(place)) ?? false;
    expect(offences(shipped, isWrong)).toEqual([]);
  });

  it('keeps files, programs and the network out of the pure rooms', () => {
    const isWrong = ({ path, text }: Source, name: string): boolean =>
      pure.includes(roomOf(path)) && effects.test(name) && !(name === 'node:net' && onlyReadsAddresses.test(text));
    expect(offences(shipped, isWrong)).toEqual([]);
  });

  it('prints only from cli and commands', () => {
    expect(saying(/\bconsole\.|\bprocess\.std(out|err)\b/, ['cli', 'commands'])).toEqual([]);
  });

  it('reads arguments and sets the exit code only in cli.ts', () => {
    expect(saying(/\bprocess\.(exit|exitCode|argv)\b/, ['cli'])).toEqual([]);
  });

  it('opens every file by saying what it knows', () => {
    const opening = /^(#!.*\n)?\/\/ [a-zA-Z`].{20,}/;
    expect(shipped.filter(({ text }) => !opening.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

/** Files outside of the given rooms whose code (comments aside) matches. prepare.mjs is a program of its own. */
function saying(pattern: RegExp, allowed: string[]): string[] {
  const code = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|\s\/\/ .*$/gm, '');
  return shipped
    .filter(({ path }) => path.endsWith('.ts') && !allowed.includes(roomOf(path)))
    .filter(({ text }) => pattern.test(code(text)))
    .map(({ path }) => path);
}

/** What the bundler is told to put into one file. */
function onTheWayToAHost(): string[] {
  const config = readFileSync(join(packageRoot, 'rolldown.config.mjs'), 'utf8');
  const list = /onTheWayToAHost = \[(.*?)\];/s.exec(config)?.[1] ?? '';
  return [...list.matchAll(/'([^']+)'/g)].map(([, name = '']) => name);
}

/** A source and all that is loaded with it, each once. */
function loadedWith(path: string, seen = new Set<string>()): Source[] {
  const source = shipped.find((one) => one.path === path);
  if (source === undefined || seen.has(path)) return [];
  seen.add(path);
  const further = source.statically.filter(isOurs).flatMap((name) => loadedWith(targetOf(source, name), seen));
  return [source, ...further];
}

/** Circles as `a.ts → b.ts → a.ts`. Types may refer to each other: what is erased cannot be loaded half-made. */
function circles(): string[] {
  const byPath = new Map(shipped.map((source) => [source.path, source]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, way: string[]): void => {
    if (way.includes(path)) found.push([...way.slice(way.indexOf(path)), path].join(' → '));
    if (done.has(path) || way.includes(path)) return;
    const source = byPath.get(path);
    for (const name of source?.loads.filter(isOurs) ?? []) visit(targetOf(source as Source, name), [...way, path]);
    done.add(path);
  };
  for (const { path } of shipped) visit(path, []);
  return found;
}

describe('README.md', () => {
  const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8');
  const entries = treeIn(readme);

  it('draws the tree of the house', () => {
    expect(entries.length).toBeGreaterThan(10);
  });

  it('names nothing that is not there', () => {
    expect(entries.filter((entry) => !existsSync(join(packageRoot, entry)))).toEqual([]);
  });

  it('leaves out no room', () => {
    const rooms = Object.keys(table).map((room) =>
      existsSync(join(home, room)) ? `labctl/${room}/` : `labctl/${room}.ts`,
    );
    expect(rooms.filter((room) => !entries.includes(room))).toEqual([]);
  });
});

/**
 * Paths in the fenced block that begins with ```tree: one or more names at the start of a line, a room's own
 * entries two spaces deeper; two spaces or more end the names.
 */
function treeIn(text: string): string[] {
  const block = /^```tree\n([\s\S]*?)^```$/m.exec(text)?.[1] ?? '';
  const folders: string[] = [];
  return block.split('\n').flatMap((line) => {
    const [, indent = '', names] = /^( *)(\S+(?: \S+)*)/.exec(line) ?? [];
    // A line that only goes on with the words of the one above begins far to the right.
    const depth = indent.length / 2;
    if (names === undefined || depth > folders.length) return [];
    folders.length = depth;
    const paths = names.split(' ').map((name) => folders.join('') + name);
    if (paths.length === 1 && names.endsWith('/')) folders.push(names);
    return paths;
  });
}
