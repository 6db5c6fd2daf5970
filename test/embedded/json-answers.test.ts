// What commands really print with --json, held to the schemas that docs/json.md is made of.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerSchemas, errorSchema } from '../../labctl/model/answer-schema.ts';
import { packageRoot } from '../../labctl/root.ts';
import { labName } from '../engine-under-test.ts';
import { labctl } from '../labctl.ts';

const lab = labName('json');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labctl-json-'));
});
afterAll(async () => {
  await run('down');
  await rm(join(packageRoot, 'runs', lab), { recursive: true, force: true });
  await rm(folder, { recursive: true });
});

const run = (...argv: string[]) =>
  labctl(['--engine', 'embedded', '--lab', lab, '--json', ...argv], {
    env: { XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder, HOME: folder },
  });
const submission = join(packageRoot, 'test/submissions/wrong-upper-case.py');

/** In an order in which each finds what it needs; the words that name the answer, then the others. */
const commands: [answer: string, ...argv: string[]][] = [
  ['up', 'up'],
  ['up', 'up'],
  ['ps', 'ps'],
  ['exec', 'exec', 'server', '--', 'sh', '-c', 'echo a; echo b >&2; exit 3'],
  ['logs', 'logs', 'server'],
  ['list', 'list'],
  ['validate', 'validate', join(packageRoot, 'scenarios/refused.yml'), submission],
  ['run --dry-run', 'run', 'many-clients', '--dry-run'],
  ['run --dry-run', 'run', 'lost-data', '--dry-run'],
  ['learn', 'learn'],
  ['learn SCENARIO', 'learn', 'first-client'],
  ['check', 'check', 'first-client', '--server', submission],
  ['show --at SECONDS', 'show', '--at', '0.5'],
  ['runs', 'runs'],
  ['wireshark', 'wireshark', '--print'],
  ['wireshark check', 'wireshark', 'check'],
  ['wireshark uninstall', 'wireshark', 'uninstall'],
  ['images build', 'images', 'build'],
  ['doctor', 'doctor', '--engine', 'embedded'],
  ['man', 'man'],
  ['completion', 'completion', 'bash'],
  ['down', 'down'],
  ['error', 'show', 'nosuch'],
];

it('answers as docs/json.md says, command by command', async () => {
  for (const [answer, ...argv] of commands) {
    const { stdout, stderr } = await run(...argv);
    const [schema, printed] = stdout === '' ? [errorSchema, stderr] : [answerSchemas.get(answer), stdout];
    const parsed = schema?.safeParse(JSON.parse(printed));
    expect({ argv, issues: parsed?.error?.issues ?? [] }).toEqual({ argv, issues: [] });
  }
});
