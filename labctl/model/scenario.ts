// The scenario language as schemas: which steps and expectations exist, and what each may say. Types, messages and the
// JSON Schema for editors all come from here; reading a file, with places in it, is plan/'s.

import { z } from 'zod';
import type { Expectation } from './expectation.ts';
import type { Place } from './lab-error.ts';
import { questionSchema } from './lesson.ts';
import { type OwnStart, roles } from './own-program.ts';
import { duration, name, names, port, printed, socketState, text } from './scenario-words.ts';
import type { WireChange, WireRule } from './wire.ts';

/** A command line: a list of arguments, or one string split at white space; there is never a shell. */
const command = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? value.split(/\s+/).filter(Boolean) : value))
  .pipe(z.tuple([z.string()], z.string(), 'a program to run is missing'));

/** Every step may carry a name (expectations refer to it) and a sentence that is shown when it begins. */
const everyStep = {
  name: name.optional().describe('A name for this step, for `at`, `after` and `before`.'),
  say: text.optional().describe('A sentence shown when the step begins.'),
  only: z
    .enum(['reference', 'model'])
    .optional()
    .describe(
      '`reference`: left out when a student’s own program takes part; `model`: left out for it with --any-model, because it asks for a way of working.',
    ),
};
const signals = ['TERM', 'INT', 'HUP', 'QUIT', 'KILL', 'USR1', 'USR2', 'STOP', 'CONT'] as const;
const within = duration.optional().describe('Deadline, 5s unless told.');

/** One schema a verb; the key that names the verb is the key of this table. */
export const stepSchemas = {
  start: z.strictObject({
    ...everyStep,
    start: name.describe('A name for the running program.'),
    on: name.describe('The host that runs it.'),
    run: command.describe('Command line; no shell is involved.'),
    role: z
      .enum(roles)
      .optional()
      .describe('What it is here: a student’s own server or client can stand in for it (labctl check).'),
    until: z
      .union([
        z.strictObject({ listens: port.describe('A socket of the host listens on (or, UDP, is bound to) this port.') }),
        z.strictObject({ connected: port.describe('A connection of the host to this port is ESTABLISHED.') }),
        z.strictObject({
          prints: printed.describe('The program printed this text, or what fits `{ matches: REGEX }`.'),
        }),
      ])
      .optional()
      .describe('What to wait for before the next step.'),
    trace: z
      .union([z.literal('calls'), z.literal('lines'), z.literal(false)])
      .optional()
      .describe('`calls` (default) records system calls; `lines` their source lines too (slower); false: nothing.'),
    within,
  }),
  type: z.strictObject({
    ...everyStep,
    type: z.string().describe('A line for the program; the newline is added.'),
    into: name.describe('The program that reads it.'),
  }),
  answer: z.strictObject({
    ...everyStep,
    answer: printed.describe('Text that the program must print, from its last typed line on; or `{ matches: REGEX }`.'),
    from: name.describe('The program that prints.'),
    within,
  }),
  silence: z.strictObject({
    ...everyStep,
    silence: duration.describe('The program must print nothing for so long.'),
    from: name.describe('The program that prints.'),
  }),
  look: z.strictObject({
    ...everyStep,
    look: names.describe('Hosts whose sockets, processes and kernel counters are recorded now.'),
  }),
  close: z.strictObject({
    ...everyStep,
    close: name.describe('Ends the standard input of this program (Ctrl-D), and goes on at once.'),
  }),
  'half-close': z.strictObject({
    ...everyStep,
    'half-close': name.describe(
      'Ends the standard input of this program and waits until its FIN has left; it can still receive.',
    ),
    within,
  }),
  signal: z.strictObject({
    ...everyStep,
    signal: name.describe(
      'Sends a signal to this program and goes on at once (after STOP, once it has stopped); `stop` waits for its end, too.',
    ),
    send: z.enum(signals).describe('Which signal.'),
  }),
  pause: z.strictObject({
    ...everyStep,
    pause: name.describe(
      'Stops every program of this host (SIGSTOP). Its kernel goes on: it completes handshakes and acknowledges.',
    ),
  }),
  resume: z.strictObject({
    ...everyStep,
    resume: name.describe('Lets the programs of a paused host go on (SIGCONT).'),
  }),
  stop: z.strictObject({
    ...everyStep,
    stop: name.describe('Sends a signal to this program and waits for its end.'),
    signal: z.enum(signals).optional().describe('TERM unless told.'),
    within,
  }),
  exit: z.strictObject({
    ...everyStep,
    exit: name.describe('Waits until this program has ended.'),
    code: z.int().min(0).max(255).optional().describe('The exit code it must end with.'),
    within,
  }),
  children: z.strictObject({
    ...everyStep,
    children: name.describe('Waits until the child processes of this program have ended.'),
    reaped: z
      .literal(true)
      .optional()
      .describe('Also until the program has asked for their end (wait(2)): until none is a zombie.'),
    within,
  }),
  wait: z.strictObject({
    ...everyStep,
    wait: z
      .strictObject({
        port: port.describe('Local or remote port of the sockets that count.'),
        state: socketState.optional().describe('Only sockets in this state count.'),
        count: z
          .int()
          .min(0)
          .optional()
          .describe('At least so many sockets in that state; 1 unless told; 0 waits until there is none.'),
        queued: z.int().min(0).optional().describe('At least so many connections in the accept queue.'),
        unread: z.int().min(1).optional().describe('At least so many bytes that arrived and that no program has read.'),
      })
      .describe('Sockets that must be there before the next step.'),
    on: name.describe('The host whose sockets are watched.'),
    within,
  }),
  wire: z.strictObject({
    ...everyStep,
    wire: z.array(z.unknown()).min(1).describe('Rules that the network obeys from now on, or obeys no longer.'),
  }),
} as const;

export type StepVerb = keyof typeof stepSchemas;

/** Steps that hold steps; none holds another of its own kind. */
export const blockSchemas = {
  repeat: z.strictObject({
    repeat: z.int().min(2).max(100).describe('How many times.'),
    steps: z
      .array(z.unknown())
      .min(1)
      .describe(
        'The steps of each round; `{round}` in any text is its number, so that `start: c{round}` is c1, c2, ….',
      ),
  }),
  parallel: z.strictObject({
    parallel: z
      .array(z.array(z.unknown()).min(1))
      .min(2)
      .describe('Lists of steps that are taken at the same time; the next step waits for the end of all of them.'),
  }),
} as const;

/** Of a step that stands in a `repeat`: which round it belongs to. */
export interface Round {
  number: number;
  of: number;
}

/** Of a step that stands in a `parallel`: which of them, counted from 1, and which of its lists, likewise. */
export interface Branch {
  group: number;
  number: number;
}

/** What a step says once it is read; the changes of a `wire` step are told apart by a key each, like steps. */
type Said<Verb extends StepVerb> = Omit<z.output<(typeof stepSchemas)[Verb]>, 'wire'> &
  (Verb extends 'wire' ? { wire: WireChange[] } : unknown);

/** A checked step: its verb, its place in the file, and the fields of its schema. */
export type Step = {
  [Verb in StepVerb]: { verb: Verb; place: Place; own?: OwnStart; round?: Round; branch?: Branch } & Said<Verb>;
}[StepVerb];
export type StepOf<Verb extends StepVerb> = Extract<Step, { verb: Verb }>;

/** A table of one program's socket calls with their source lines, where a lesson walks through a program. */
export const tableSchema = z.strictObject({
  calls: name.describe('The program whose calls are listed, one row a step of its life.'),
});

/** `programs/` or a list of such. */
const paths = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .transform((value) => (Array.isArray(value) ? value : [value]));

/** A host has network settings of its own; all others belong to the whole machine. */
const sysctlKey = z
  .string()
  .regex(/^net(\.[a-zA-Z0-9_-]+)+$/, 'a host has kernel settings of its own for its network only: net.ipv4.…');
const plainValue = z.union([z.string(), z.int()]).transform(String);
const sysctlValue = z
  .union([
    plainValue.transform((value) => ({ value, 'where-known': false })),
    z.strictObject({
      value: plainValue.describe('The value.'),
      'where-known': z.boolean().default(false).describe('True: kernels without this setting do without it.'),
    }),
  ])
  .describe('The value; or `{ value: …, where-known: true }` for a setting that older kernels do not have.');

/** The scenario file without its steps and expectations, which are chosen by verb and kind. */
export const scenarioSchema = z.strictObject({
  title: text.describe('What the lesson is called.'),
  about: text.describe('One or two sentences: what this scenario shows.'),
  lab: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A Compose file of its own, relative to this file, unless --file names another; its lab is called labctl-SCENARIO unless --lab names it.',
    ),
  programs: z
    .record(name, paths)
    .optional()
    .describe(
      'By host: files and folders beside this file that are put into its /work before the first step and built there: a C file by cc, a folder by make.',
    ),
  hosts: z.array(name).min(1).describe('Hosts that take part and are recorded.'),
  sysctls: z
    .record(name, z.record(sysctlKey, sysctlValue))
    .optional()
    .describe('Kernel settings of hosts, which are made anew with them for this scenario, and as they were after it.'),
  wire: z.array(z.unknown()).optional().describe('Rules that the network obeys from the first step on.'),
  loopback: z.array(name).optional().describe('Hosts whose loopback interface is recorded too.'),
  measure: z
    .array(name)
    .optional()
    .describe(
      'Hosts whose TCP connections are measured some forty times a second (`ss -ti`): congestion window, bytes in flight. The report draws them.',
    ),
  steps: z.array(z.unknown()).min(1),
  expect: z.array(z.unknown()).optional(),
  tables: z.array(tableSchema).optional().describe('Tables of socket calls that the report shows below the ladder.'),
  lesson: z
    .array(questionSchema)
    .optional()
    .describe('Questions to the student, one after the other (`labctl learn`).'),
});

export interface Scenario extends Omit<z.output<typeof scenarioSchema>, 'steps' | 'expect' | 'wire'> {
  /** The file's name without its ending. */
  name: string;
  file: string;
  steps: Step[];
  expect: Expectation[];
  /** In force from the first step on. */
  wire?: WireRule[];
}
