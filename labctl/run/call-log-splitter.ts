// One call log of a shell and all it started, taken apart: each program that was executed gets the lines that are its own.

/** A program that began with a successful execve. */
export interface SplitProgram {
  pid: number;
  argv: string[];
  /** 128 + n after signal n is the caller's to know: this is strace's own word, `SIGTERM` or a number. */
  ended?: string;
}

export interface SplitLine {
  /** Index into `programs`. */
  program: number;
  /** With its newline. */
  text: string;
}

const executed = /^\s*execve\("(?:[^"\\]|\\.)*", (\[.*?\])/;
const strings = /"((?:[^"\\]|\\.)*)"/g;

/** Push text of `strace -f -o`; forks follow their parent until they execute something. Never throws. */
export class CallLogSplitter {
  readonly programs: SplitProgram[] = [];
  #partial = '';
  readonly #programOf = new Map<number, number>();
  /** An execve that has not returned yet, with its line. */
  readonly #executing = new Map<number, string>();
  /** Pids that are inside clone: whoever appears now is their child. */
  readonly #cloning = new Set<number>();

  push(text: string): SplitLine[] {
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop() ?? '';
    return lines.flatMap((line) => this.#line(line));
  }

  #line(line: string): SplitLine[] {
    const [, pidText, rest = ''] = /^(\d+)\s+\d+\.\d+ (.*)$/.exec(line) ?? [];
    // Stack frames and strace's own words belong to what came before.
    if (pidText === undefined) return this.#last === undefined ? [] : [{ program: this.#last, text: `${line}\n` }];
    const pid = Number(pidText);
    const begun = this.#executing.get(pid);
    if (rest.startsWith('execve(') && rest.endsWith('<unfinished ...>')) {
      this.#executing.set(pid, line);
      return [];
    }
    const whole =
      begun !== undefined && rest.startsWith('<... execve resumed>') ? begun.replace(/^\d+\s+\S+ /, '') : rest;
    this.#executing.delete(pid);
    if (executed.test(whole) && / = 0( <[\d.]+>)?$/.test(rest)) this.#execute(pid, whole);
    this.#follow(pid, rest);
    this.#last = this.#owner(pid);
    return [...(begun === undefined ? [] : [begun]), line].map((text) => ({
      program: this.#last ?? 0,
      text: `${text}\n`,
    }));
  }
  #last: number | undefined;

  #execute(pid: number, call: string): void {
    const list = executed.exec(call)?.[1] ?? '';
    const argv = [...list.matchAll(strings)].map(([, text = '']) => text.replace(/\\(["\\])/g, '$1'));
    this.#programOf.set(pid, this.programs.push({ pid, argv }) - 1);
  }

  #follow(pid: number, rest: string): void {
    const clone = /^(?:(?:clone3?|v?fork)\(|<\.\.\. (?:clone3?|v?fork) resumed>)/.test(rest);
    if (clone && rest.endsWith('<unfinished ...>')) this.#cloning.add(pid);
    else if (clone) {
      this.#cloning.delete(pid);
      const child = Number(/ = (\d+)(?: <[\d.]+>)?$/.exec(rest)?.[1]);
      if (child > 0 && !this.#programOf.has(child)) this.#programOf.set(child, this.#owner(pid));
    }
    const end = /^\+\+\+ (?:exited with (\d+)|killed by (SIG\w+))/.exec(rest);
    const program = this.programs[this.#owner(pid)];
    if (end && program?.pid === pid) program.ended = end[1] ?? end[2];
  }

  /** The program a process belongs to; one never seen before is the child of whoever is inside clone now. */
  #owner(pid: number): number {
    const known = this.#programOf.get(pid);
    if (known !== undefined) return known;
    const parent = [...this.#cloning].find((one) => one !== pid);
    const owner = parent === undefined ? 0 : (this.#programOf.get(parent) ?? 0);
    this.#programOf.set(pid, owner);
    return owner;
  }
}
