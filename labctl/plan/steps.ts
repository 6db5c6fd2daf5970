// The list of steps as it is written → steps in the order in which they are taken: blocks are unrolled here.

import type { LabError } from '../model/lab-error.ts';
import { type Branch, blockSchemas, type Round, type Step, stepSchemas } from '../model/scenario.ts';
import { type Choice, readChoices } from './choice.ts';
import { complaint } from './complaints.ts';
import type { Read } from './scenario.ts';
import type { Path, Source } from './source.ts';

const steps: Choice = { noun: 'step', schemas: { ...stepSchemas, ...blockSchemas } };

/** Where a list of steps stands. */
interface Around {
  round?: Round;
  branch?: Branch;
}

/** More steps than this are a mistake. */
const mostSteps = 1000;

/** Reads the steps of a list in one go; a block counts as what it holds. */
export class StepReader {
  readonly #source: Source;
  readonly #found: LabError[];
  #groups = 0;
  #steps = 0;

  constructor(source: Source, found: LabError[]) {
    this.#source = source;
    this.#found = found;
  }

  read(path: Path, list: readonly unknown[], around: Around = {}): Read<Step>[] {
    return readChoices(this.#source, path, list, steps, this.#found).flatMap(({ key, path: at, value }) => {
      if (key === 'repeat') return this.#repeated(at, value, around);
      if (key === 'parallel') return this.#parallel(at, value, around);
      this.#steps += 1;
      const step = { verb: key, place: this.#source.place(at), ...value, ...around } as Step;
      return [{ value: step, path: [...at] }];
    });
  }

  #repeated(path: Path, value: Record<string, unknown>, around: Around): Read<Step>[] {
    const [times, list] = [value['repeat'] as number, value['steps'] as unknown[]];
    if (around.round) return this.#refused(path, 'a repeat cannot stand in a repeat');
    const read: Read<Step>[] = [];
    for (let number = 1; number <= times; number++) {
      if (this.#steps > mostSteps) return this.#refused(path, `more than ${mostSteps} steps`);
      const written = inRound(list, number) as unknown[];
      read.push(...this.read([...path, 'steps'], written, { ...around, round: { number, of: times } }));
    }
    return read;
  }

  #parallel(path: Path, value: Record<string, unknown>, around: Around): Read<Step>[] {
    if (around.branch) return this.#refused(path, 'a parallel cannot stand in a parallel');
    const group = ++this.#groups;
    return (value['parallel'] as unknown[][]).flatMap((list, index) =>
      this.read([...path, 'parallel', index], list, { ...around, branch: { group, number: index + 1 } }),
    );
  }

  #refused(path: Path, why: string): [] {
    this.#found.push(complaint(why, this.#source.place(path)));
    return [];
  }
}

/** Fields that take a number; everywhere else `{round}` is a piece of text. */
const numbers = new Set(['count', 'queued', 'unread', 'port', 'listens', 'connected', 'code']);

function inRound(value: unknown, round: number, key = ''): unknown {
  if (typeof value === 'string')
    return value === '{round}' && numbers.has(key) ? round : value.replaceAll('{round}', String(round));
  if (Array.isArray(value)) return value.map((entry) => inRound(entry, round, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, inRound(entry, round, name)]));
}
