// What a student hands in, as files: which of them is the program, and how it is built. Nothing here touches a disk.

import type { Text } from './language.ts';
import type { OwnProgram, Role } from './own-program.ts';

/** A regular file of a submission. */
export interface SubmittedFile {
  /** Relative to the submission's folder, with `/`. */
  path: string;
  mode: number;
  /** Its first bytes, as far as they tell what it is. */
  head: string;
}

/** How a program comes about in its host. */
export type Recipe =
  | { kind: 'make' }
  /** These C files make one program of this name. */
  | { kind: 'compile'; sources: string[]; program: string }
  | { kind: 'run'; argv: string[]; file: string };

/** Flags as in images/programs.mk, but for -Werror: a warning is shown, and is no reason to fail. */
export const compilerFlags = ['-std=gnu17', '-Wall', '-Wextra', '-g', '-O1', '-pthread'];

const makefiles = ['GNUmakefile', 'makefile', 'Makefile'];
const interpreters: Record<string, string> = { py: 'python3', sh: 'sh', bash: 'bash', pl: 'perl' };

const endingOf = (path: string): string => /[^/]\.([A-Za-z0-9]+)$/.exec(path)?.[1] ?? '';
const stemOf = (path: string): string => path.replace(/\.[A-Za-z0-9]+$/, '');
const isSource = ({ path }: SubmittedFile): boolean => endingOf(path) === 'c';
const isExecutable = ({ mode, head }: SubmittedFile): boolean =>
  (mode & 0o111) !== 0 || head.startsWith('#!') || head.startsWith('\x7fELF');

/** How one file becomes a program; undefined when it is none. */
function recipeOf(file: SubmittedFile): Recipe | undefined {
  const ending = endingOf(file.path);
  if (ending === 'c') return { kind: 'compile', sources: [file.path], program: stemOf(file.path) };
  const interpreter = interpreters[ending];
  const own = `./${file.path}`;
  if (interpreter !== undefined) return { kind: 'run', argv: [interpreter, own], file: file.path };
  return isExecutable(file) ? { kind: 'run', argv: [own], file: file.path } : undefined;
}

/** The files that are candidates for a name: `server.c` for the role server, then `main.c`. */
function named(files: readonly SubmittedFile[], role: Role): SubmittedFile | undefined {
  for (const stem of [role, 'main'])
    for (const file of files) {
      const plain = file.path === stem || stemOf(file.path) === stem;
      if (plain && recipeOf(file) !== undefined) return file;
    }
  return undefined;
}

const several = (names: readonly string[], role: Role): Text => ({
  en: `several programs are there (${names.join(', ')}): call the one that counts ${role}.c or ${role}.py, or add a Makefile`,
  fr: `il y a plusieurs programmes (${names.join(', ')}) : appelez celui qui compte ${role}.c ou ${role}.py, ou ajoutez un Makefile`,
});

const nothing: Text = {
  en: 'there is no program: C, Python, a script, an executable or a Makefile is expected',
  fr: 'il n’y a pas de programme : du C, du Python, un script, un exécutable ou un Makefile est attendu',
};

/** How the submission becomes a program in this role, or why it does not. Only files at its top count. */
export function recipeFor(all: readonly SubmittedFile[], role: Role): Recipe | { wrong: Text } {
  const files = all.filter(({ path }) => !path.includes('/') && !path.startsWith('.'));
  if (files.some(({ path }) => makefiles.includes(path))) return { kind: 'make' };
  const byName = named(files, role);
  const candidates = byName ? [byName] : files.filter((file) => recipeOf(file) !== undefined);
  const sources = candidates.filter(isSource);
  if (sources.length > 1 && sources.length === candidates.length)
    return { kind: 'compile', sources: sources.map(({ path }) => path), program: role };
  if (candidates.length > 1)
    return {
      wrong: several(
        candidates.map(({ path }) => path),
        role,
      ),
    };
  return (candidates[0] && recipeOf(candidates[0])) ?? { wrong: nothing };
}

/** As what it will be started, as far as that is known before it is built: what `make` makes, `make` alone knows. */
export function plannedProgram(files: readonly SubmittedFile[], role: Role): OwnProgram | { wrong: Text } {
  const recipe = recipeFor(files, role);
  if ('wrong' in recipe) return recipe;
  if (recipe.kind === 'run') return { argv: recipe.argv };
  return { argv: [`./${recipe.kind === 'make' ? role : recipe.program}`] };
}

/** Which of the executables that `make` left is the program; paths relative to the folder, as `find` gives them. */
export function builtProgram(
  executables: readonly string[],
  submitted: readonly SubmittedFile[],
  role: Role,
): string | { wrong: Text } {
  const before = new Set(submitted.map(({ path }) => path));
  const programs = executables.filter((path) => !/\.(o|so|a|py|sh|pl|c|h)$/.test(path));
  const exact = [role, `bin/${role}`, `build/${role}`].find((path) => programs.includes(path));
  if (exact !== undefined) return exact;
  const made = programs.filter((path) => !before.has(path));
  const left = made.length > 0 ? made : programs;
  if (left.length > 1) return { wrong: several(left, role) };
  return (
    left[0] ?? {
      wrong: {
        en: `make built no program: one named ${role} is expected`,
        fr: `make n’a pas construit de programme : un programme nommé ${role} est attendu`,
      },
    }
  );
}
