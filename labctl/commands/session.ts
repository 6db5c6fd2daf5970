// One command line's view of the world: which lab, which Compose file, which engine, how to print. Everything is lazy,
// so that a command pays only for what it uses.

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import type { Lab } from '../model/lab.ts';
import { LabError } from '../model/lab-error.ts';
import type { Language } from '../model/language.ts';
import { packageRoot } from '../root.ts';
import { type TerminalStyle, terminalStyle } from '../views/style.ts';
import { erasePassing, type GlobalOptions, type Io, print, printPassing } from './io.ts';

const composeFileNames = ['docker-compose.yml', 'docker-compose.yaml', 'compose.yml', 'compose.yaml'];

export class Session {
  readonly io: Io;
  readonly globals: GlobalOptions;
  /** Whose runs they are: the lab's that was asked for, also where a scenario brings another. */
  readonly #asked: Session | undefined;
  #engine: Promise<Engine> | undefined;

  constructor(io: Io, globals: GlobalOptions, asked?: Session) {
    this.io = inContext(io, globals);
    this.globals = globals;
    this.#asked = asked;
  }

  /**
   * The same with another Compose file and another lab, unless the user named them. COMPOSE_PROJECT_NAME names the usual
   * lab, which another file must not take the place of.
   */
  withLab(file: string, lab: string): Session {
    return new Session(
      this.io,
      { ...this.globals, file: this.globals.file ?? file, lab: this.globals.lab ?? lab },
      this,
    );
  }

  /** Where runs are kept. */
  async runsFolder(): Promise<string> {
    const { runsFolderFor } = await import('../folder/runs.ts');
    return runsFolderFor((this.#asked ?? this).composeFile(), this.io.env);
  }

  get json(): boolean {
    return this.globals.json === true;
  }

  /** `--lang`, else LC_ALL, LC_MESSAGES, LANG as gettext reads them; English when none says French. */
  get language(): Language {
    const { lang } = this.globals;
    return lang === undefined ? languageOf(this.io.env) : lang === 'fr' ? 'fr' : 'en';
  }

  style(): TerminalStyle {
    return this.#styleOf(this.io.stdout);
  }

  errorStyle(): TerminalStyle {
    return this.#styleOf(this.io.stderr);
  }

  #styleOf(stream: Io['stdout']): TerminalStyle {
    const env = this.globals.color === false ? { ...this.io.env, NO_COLOR: '1', FORCE_COLOR: undefined } : this.io.env;
    return { ...terminalStyle(env, stream.isTTY === true, stream.columns), language: this.language };
  }

  /** Results go to standard output. */
  out(text: string): void {
    erasePassing(this.io.stderr);
    print(this.io.stdout, text);
  }

  /** Progress and remarks go to standard error. */
  note(text: string | undefined): void {
    if (text !== undefined && !this.json) print(this.io.stderr, text);
  }

  /** True where a line can be taken back: on a terminal. */
  get showsPassing(): boolean {
    return this.io.stderr.isTTY === true && this.io.env.TERM !== 'dumb';
  }

  /** Progress that is only of interest until there is more; nothing where there is no terminal. */
  pass(text: string | undefined): void {
    if (text !== undefined && !this.json && this.showsPassing) printPassing(this.io.stderr, text);
  }

  /** Prints the value as JSON with its version. */
  outJson(value: object): void {
    this.out(JSON.stringify({ version: 1, ...value }, null, 2));
  }

  /** Absolute path of the Compose file: `--file`, else the nearest upwards, else labctl's own. */
  composeFile(): string {
    if (this.globals.file !== undefined) return resolve(this.io.cwd, this.globals.file);
    for (let folder = this.io.cwd; ; folder = dirname(folder)) {
      const found = composeFileNames.map((name) => join(folder, name)).find((file) => existsSync(file));
      if (found !== undefined) return found;
      if (dirname(folder) === folder) return join(packageRoot, 'docker-compose.yml');
    }
  }

  /** The path as the user would write it. */
  shown(path: string): string {
    const short = relative(this.io.cwd, path);
    return short.startsWith('..') || short === '' ? path : short;
  }

  /** Reads the Compose file. Throws LabError with its place when it is wrong. */
  async lab(): Promise<Lab> {
    const { readCompose } = await import('../plan/compose.ts');
    const file = this.composeFile();
    return readCompose(readText(file, 'Compose file'), file, this.#composeName(), this.shown(file));
  }

  /** The lab's name without reading its file, so that `down` works when the file is gone. */
  async labName(): Promise<string> {
    const { labNameFor } = await import('../plan/names.ts');
    return labNameFor(this.composeFile(), this.#composeName());
  }

  #composeName(): string | undefined {
    return this.globals.lab ?? (this.io.env.COMPOSE_PROJECT_NAME || undefined);
  }

  /** The engine of this lab, opened once: where it lives, or where it would be brought up. */
  engine(): Promise<Engine> {
    this.#engine ??= Promise.all([import('../engine/choose.ts'), this.labName()]).then(([{ engineFor }, lab]) =>
      engineFor(this.io.env, lab, this.globals.engine),
    );
    return this.#engine;
  }

  /** Every engine that answers, or the one asked for. */
  async engines(): Promise<Engine[]> {
    const { openEngines } = await import('../engine/choose.ts');
    return openEngines(this.io.env, this.globals.engine);
  }

  /** How to call labctl on this very lab: what is printed as "type this next" must work as it stands. */
  async command(lab = this.globals.lab): Promise<string> {
    const { commandName } = await import('../setup/command-name.ts');
    const { file, lang } = this.globals;
    return [
      commandName(),
      ...(lab ? ['--lab', lab] : []),
      ...(file ? ['--file', file] : []),
      ...(lang && lang !== languageOf(this.io.env) ? ['--lang', lang] : []),
    ].join(' ');
  }
}

const languageOf = ({ LC_ALL, LC_MESSAGES, LANG }: Session['io']['env']): Language =>
  (LC_ALL || LC_MESSAGES || LANG || '').startsWith('fr') ? 'fr' : 'en';

/** `--context` counts more than DOCKER_HOST, as in Docker's own CLI; whoever names one means Docker. */
const inContext = (io: Io, { context }: GlobalOptions): Io =>
  context === undefined
    ? io
    : { ...io, env: { ...io.env, DOCKER_CONTEXT: context, DOCKER_HOST: undefined, LABCTL_ENGINE: undefined } };

/** Reads a text file that the user named; says what it should have been when it cannot be read. */
export function readText(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(error);
    throw new LabError('usage', `cannot read the ${what} ${basename(file)}: ${reason}`, { where: file });
  }
}
