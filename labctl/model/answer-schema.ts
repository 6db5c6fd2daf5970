// What each command prints with `--json`, as schemas: docs/json.md is made of them, and a test holds real answers to them.

import { z } from 'zod';

const count = z.int().min(0);
const micros = z.number().describe('Microseconds since the run’s zero.');
const text = z.strictObject({ en: z.string(), fr: z.string() });
const verdict = z.enum(['met', 'unmet', 'not-observable']);
const endpoint = z.strictObject({ address: z.string(), port: z.int() });
const place = z.string().describe('`file:line`.');

/** Where an error was found. */
const where = z
  .union([z.string(), z.strictObject({ file: z.string(), line: z.int(), col: z.int() })])
  .optional()
  .describe('A place in a file, else a host, a folder, a step.');

const limit = z.enum(['host', 'process', 'none']);
const address = z.strictObject({ network: z.string(), address: z.string() });
const lab = z.strictObject({
  name: z.string(),
  engine: z.enum(['docker', 'embedded']),
  file: z.string().describe('Its Compose file.'),
  hosts: z.array(
    z.strictObject({
      name: z.string(),
      image: z.string(),
      state: z.enum(['running', 'created', 'exited', 'paused', 'other']),
      addresses: z.array(address),
      tunedBy: z
        .string()
        .optional()
        .describe('The labctl, as PID-START, whose run has it made anew with other kernel settings.'),
    }),
  ),
  networks: z.array(
    z.strictObject({ name: z.string(), subnet: z.string(), subnet6: z.string().optional().describe('IPv6.') }),
  ),
  limits: z
    .strictObject({ processes: limit, memory: limit, processor: limit, files: limit })
    .describe('Whether a limit holds for a host as a whole, for each process, or not at all.'),
});

const listeners = z
  .record(z.string(), z.array(z.looseObject({})))
  .describe('Of each running host the sockets that listen there; one that was too busy to say is missing.');

const check = z.strictObject({
  what: z.string(),
  state: z.enum(['ok', 'mended', 'untried', 'todo']).describe('`untried`: it could not be looked at here.'),
  detail: z.string(),
  todo: z.string().optional().describe('What to type or do next.'),
  optional: z.literal(true).optional().describe('Everything that was asked for works without it.'),
});
const checks = { healthy: z.boolean(), rows: z.array(check) };

const lesson = z.strictObject({
  name: z.string(),
  title: text,
  answered: count,
  of: count.describe('Questions.'),
  begun: z.boolean(),
  finished: z.boolean(),
  run: z.string().optional().describe('Folder of the run that the lesson asks about.'),
});

const reason = z.strictObject({
  kind: z.enum(['met', 'does-not-compile', 'does-not-start', 'unmet', 'not-observable', 'limit', 'refused']),
  fault: z.string().optional().describe('The fault’s name, the same everywhere: `accepts-once`.'),
  text: z.string(),
});
const judged = {
  scenario: z.string(),
  verdict,
  reason,
  expectations: z.array(
    z.strictObject({
      id: z.string(),
      verdict,
      at: place,
      expected: z.string(),
      seen: z.string(),
      proof: z.array(z.string()).describe('`server/eth0 frame 12`.'),
    }),
  ),
  hints: z.array(z.string()),
  messages: z.string().describe('The compilers’ own words.'),
  run: z.string().optional().describe('The run folder, where it came to a run.'),
};

const now = { host: z.string(), since: micros };
const instant = {
  at: micros,
  sockets: z.array(
    z.looseObject({
      ...now,
      side: z.enum(['listener', 'initiator', 'responder', 'datagram']),
      local: endpoint,
      state: z.string(),
      owners: z.array(z.string()).optional().describe('`server 17`.'),
      queue: count.optional().describe('Of listeners: complete connections that wait for accept().'),
    }),
  ),
  processes: z.array(z.looseObject({ ...now, program: z.string(), state: z.enum(['runs', 'waits', 'zombie']) })),
  flights: z
    .array(z.looseObject({ passage: count, from: z.string(), to: z.string(), left: micros, lost: z.boolean() }))
    .describe('Packets on their way, and lost ones that have not been sent again.'),
  counters: z.array(z.strictObject({ ...now, name: z.string(), rise: z.number() })),
};

const plan = {
  scenario: z.string(),
  title: text,
  lab: z.string(),
  file: z.string(),
  hosts: z.array(z.string()),
  sysctls: z.record(z.string(), z.looseObject({})),
  programs: z.record(z.string(), z.looseObject({})),
  own: z.array(z.looseObject({})),
  wire: z.array(text),
  steps: z.array(
    z.strictObject({
      step: z.int(),
      verb: z.string(),
      name: z.string().optional(),
      summary: text,
      say: text.optional(),
      at: z.string().describe('`file:line:col`.'),
      round: z.looseObject({}).optional(),
      branch: z.looseObject({}).optional(),
    }),
  ),
  expectations: z.array(z.strictObject({ id: z.string(), kind: z.string(), say: text })),
};

/** By command, in the order of `labctl --help`; `version` stands before all of them. */
const fields = {
  up: { changed: z.boolean(), lab },
  down: {
    lab: z.string(),
    removed: count.describe('Containers, networks, namespaces.'),
    stuck: z.array(z.string()).describe('Networks that the engine could not let go of.'),
  },
  ps: { labs: z.array(lab.extend({ listeners })) },
  exec: {
    host: z.string(),
    argv: z.array(z.string()),
    code: z.int().describe('How it ended; labctl’s own exit code, too.'),
    stdout: z.string(),
    stderr: z.string(),
  },
  logs: { host: z.string(), log: z.string() },
  list: {
    scenarios: z.array(
      z.strictObject({ name: z.string(), title: text, about: text, hosts: z.array(z.string()), file: z.string() }),
    ),
  },
  new: { file: z.string() },
  validate: {
    files: z.array(
      z.strictObject({
        file: z.string(),
        kind: z.string(),
        errors: z.array(z.strictObject({ message: z.string(), where, hint: z.string().optional() })),
      }),
    ),
  },
  learn: { lessons: z.array(lesson) },
  'learn SCENARIO': { lesson },
  'run --dry-run': plan,
  check: judged,
  grade: {
    submissions: z.array(
      z.strictObject({
        submission: z.string(),
        grades: z.array(z.strictObject({ ...judged, seconds: z.number().describe('How long it took.') })),
      }),
    ),
  },
  'capture -w FILE': { file: z.string(), interfaces: z.array(z.looseObject({})) },
  'show --at SECONDS': instant,
  runs: {
    runs: z.array(
      z.strictObject({
        name: z.string(),
        lab: z.string(),
        scenario: z.string(),
        size: count.describe('Bytes.'),
        folder: z.string(),
        started: z.number().optional().describe('Microseconds since the epoch.'),
        outcome: z.string().optional(),
        verdict: verdict.optional(),
      }),
    ),
  },
  'runs rm': { removed: z.array(z.string()).describe('Folders.') },
  wireshark: { file: z.string(), filter: z.string(), profile: z.string(), command: z.array(z.string()) },
  'wireshark install': { plugin: z.string() },
  'wireshark check': checks,
  'wireshark uninstall': { removed: z.array(z.string()) },
  'images build': { built: z.boolean() },
  'images save': { file: z.string(), bytes: count },
  'images load': { images: z.array(z.string()) },
  doctor: checks,
  man: { command: z.looseObject({}).describe('The whole command line as a value, as in `labctl man --json`.') },
  completion: { shell: z.enum(['bash', 'zsh', 'fish']), script: z.string() },
} as const;

const versioned = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject({ version: z.literal(1), ...shape });

/** What a failed command prints on standard error. */
export const errorSchema = versioned({
  error: z.strictObject({
    kind: z.string().describe('`usage`, `engine`, …: the exit code says the same.'),
    message: z.string(),
    where,
    hint: z.string().optional().describe('What to type or do next.'),
  }),
});

export const answerSchemas: ReadonlyMap<string, z.ZodType> = new Map(
  Object.entries(fields).map(([command, shape]) => [command, versioned(shape as z.ZodRawShape)]),
);
