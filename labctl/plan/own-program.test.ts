import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LabError } from '../model/lab-error.ts';
import type { StepOf } from '../model/scenario.ts';
import { packageRoot } from '../root.ts';
import { readCompose } from './compose.ts';
import { rolesOf, withOwnPrograms } from './own-program.ts';
import { readScenario } from './scenario.ts';

const compose = join(packageRoot, 'docker-compose.yml');
const lab = readCompose(readFileSync(compose, 'utf8'), compose, 'lab');
const scenario = (name: string) => {
  const path = join(packageRoot, 'scenarios', `${name}.yml`);
  return readScenario(readFileSync(path, 'utf8'), path, lab);
};
const server = { argv: ['./my'], folder: '/work/own/server' };
const startOf = (name: string, steps: ReturnType<typeof scenario>['steps']) =>
  steps.find((step): step is StepOf<'start'> => step.verb === 'start' && step.start === name);

describe('withOwnPrograms', () => {
  it('starts the program with its port, in its folder', () => {
    const { steps } = withOwnPrograms(scenario('first-client'), { server });
    expect(startOf('server', steps)).toMatchObject({
      run: ['./my', '5000'],
      trace: 'calls',
      until: { listens: 5000 },
      own: { role: 'server', folder: '/work/own/server', environment: { PORT: '5000' } },
    });
    expect(startOf('first', steps)).toMatchObject({ run: ['client'] });
  });

  it('tells a client where the server is, and waits for its connection instead of labctl’s words', () => {
    const { steps } = withOwnPrograms(scenario('many-clients'), { client: { argv: ['python3', './c.py'] } });
    expect(startOf('c1', steps)).toMatchObject({ run: ['stdbuf', '-oL', 'python3', './c.py', 'server', '5000'] });
    expect(startOf('c3', steps)).toMatchObject({
      run: ['stdbuf', '-oL', 'python3', './c.py', '{server@lab}', '5000'],
      until: { connected: 5000 },
      own: { environment: { HOST: '{server@lab}', PORT: '5000' } },
    });
  });

  it('fills a command line that says where the port goes, and leaves the rest of it alone', () => {
    const line = { argv: ['socat', 'TCP-LISTEN:{port},fork', 'EXEC:cat'], placed: true };
    const { steps } = withOwnPrograms(scenario('first-client'), { server: line });
    expect(startOf('server', steps)?.run).toEqual(['socat', 'TCP-LISTEN:5000,fork', 'EXEC:cat']);
  });

  it('expects only what every correct program does', () => {
    const { expect: expected } = withOwnPrograms(scenario('first-client'), { server });
    expect(expected.map(({ id }) => id)).toEqual([
      'handshake-first',
      'handshake-second',
      'handshake-third',
      'line-and-answer',
      'goodbye',
      'every-byte',
      'listens-everywhere',
      'server-port-fixed',
    ]);
  });

  it('leaves out the part of the reference program, and a way of working only when told to', () => {
    const any = withOwnPrograms(scenario('any-address'), { server });
    expect(startOf('bound', any.steps)).toBeUndefined();
    const many = (anyModel: boolean) =>
      withOwnPrograms(scenario('many-clients'), { server }, { anyModel }).expect.map(({ id }) => id);
    expect(many(false)).toContain('process-each');
    expect(many(true)).not.toContain('process-each');
    const second = withOwnPrograms(scenario('second-client'), { server }, { anyModel: true });
    expect(second.steps.some(({ verb }) => verb === 'silence' || verb === 'wait')).toBe(false);
  });
});

it('knows which scenarios take whom', () => {
  expect(rolesOf(scenario('first-client'))).toEqual(['server', 'client']);
  expect(rolesOf(scenario('lost-data'))).toEqual([]);
});

describe('what a scenario says of roles', () => {
  const wrong = (steps: string, expectations: string): string => {
    const text = `title: { en: t, fr: t }\nabout: { en: a, fr: a }\nhosts: [server, client1]\nsteps:\n${steps}\nexpect:\n${expectations}`;
    try {
      readScenario(text, 'x.yml', lab);
      return '';
    } catch (error) {
      return (error as LabError).message;
    }
  };
  const start = '  - { start: server, on: server, run: server2, role: server, until: { listens: 5000 } }';
  const look = '  - { name: seen, look: [server] }\n  - { name: ours, look: [server], only: reference }';
  const say = 'say: { en: s, fr: s }';

  it.each([
    ['nothing judges it', start, `  - { id: a, ${say}, output: x, of: server }`, 'no expectation judges a server'],
    [
      'no such role',
      start,
      `  - { id: a, ${say}, judges: [server, client], output: x, of: server }`,
      'no step starts a client',
    ],
    [
      'what its calls would tell',
      start,
      `  - { id: a, ${say}, judges: server, queue: 1, on: server, port: 5000 }`,
      'the calls of a student’s server are not recorded, so neither are owners nor the accept queue',
    ],
    [
      'calls in order',
      start,
      `  - { id: a, ${say}, judges: server, calls: [accept], by: server }`,
      'a correct program may make other calls',
    ],
    [
      'a file’s name',
      `${start}\n${look}`,
      `  - { id: a, ${say}, judges: server, processes: { program: server2 }, on: server, at: seen }`,
      '"server2" is the name of a file',
    ],
    [
      'a step that may be left out',
      `${start}\n${look}`,
      `  - { id: a, ${say}, judges: server, sockets: { count: 1 }, on: server, at: ours }`,
      'the step "ours" is not there for every program',
    ],
    [
      'only without judges',
      start,
      `  - { id: a, ${say}, only: model, output: x, of: server }\n  - { id: b, ${say}, judges: server, output: x, of: server }`,
      '"only" is for what judges a role',
    ],
    [
      'a server without a port',
      '  - { start: server, on: server, run: server, role: server }',
      `  - { id: a, ${say}, judges: server, output: x, of: server }`,
      'a server’s port is not known',
    ],
  ])('%s', (_, steps, expectations, message) => expect(wrong(steps, expectations)).toContain(message));
});
