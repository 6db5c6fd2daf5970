// Every command by its name, each in a module that is loaded only when it is meant: `exec` waits for nothing of `show`.

import type { Option } from '@commander-js/extra-typings';
import type { Declare } from './declare.ts';

/** In the order in which help lists them. */
const modules = new Map(
  Object.entries<() => Promise<Declare>>({
    start: async () => (await import('./start.ts')).start,
    up: async () => (await import('./up.ts')).up,
    down: async () => (await import('./down.ts')).down,
    ps: async () => (await import('./ps.ts')).ps,
    exec: async () => (await import('./exec.ts')).exec,
    shell: async () => (await import('./exec.ts')).shell,
    logs: async () => (await import('./logs.ts')).logs,
    list: async () => (await import('./list.ts')).list,
    new: async () => (await import('./new.ts')).newScenario,
    validate: async () => (await import('./validate.ts')).validate,
    learn: async () => (await import('./learn.ts')).learn,
    run: async () => (await import('./run.ts')).run,
    check: async () => (await import('./check.ts')).check,
    grade: async () => (await import('./grade.ts')).grade,
    record: async () => (await import('./record.ts')).record,
    capture: async () => (await import('./capture.ts')).capture,
    show: async () => (await import('./show.ts')).show,
    wireshark: async () => (await import('./wireshark.ts')).wireshark,
    extcap: async () => (await import('./extcap.ts')).extcap,
    runs: async () => (await import('./runs.ts')).runs,
    images: async () => (await import('./images.ts')).images,
    doctor: async () => (await import('./doctor.ts')).doctor,
    completion: async () => (await import('./completion.ts')).completion,
    man: async () => (await import('./man.ts')).man,
  }),
);

/**
 * The first word that is neither one of the global options nor the value of one; undefined as soon as anything else
 * begins with a dash, such as `--help`, which speaks of every command.
 */
export function commandWord(argv: readonly string[], options: readonly Option[]): string | undefined {
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (!word.startsWith('-')) return word;
    const option = options.find(({ long }) => long === word.split('=')[0]);
    if (!option) return undefined;
    if (option.required && word === option.long) at += 1;
  }
  return undefined;
}

/** The manual tells of every command. */
const tellsOfAll = 'man';

/** The declaration of the command that is meant; all of them where the line names none, to help or to complain. */
export function declarationsFor(argv: readonly string[], options: readonly Option[]): Promise<Declare[]> {
  const word = commandWord(argv, options) ?? '';
  const only = word === tellsOfAll ? undefined : modules.get(word);
  return Promise.all((only ? [only] : [...modules.values()]).map((load) => load()));
}
