import { describe, expect, it } from 'vitest';
import { describeStep } from '../model/step-text.ts';
import { complaintsText } from './bad-files.ts';
import { readCompose } from './compose.ts';
import { readScenario } from './scenario.ts';

const lab = readCompose('services:\n  server: {image: x}\n  client1: {image: x}\n', '/srv/lab/docker-compose.yml');
const head = 'title: {en: a, fr: b}\nabout: {en: a, fr: b}\nhosts: [server, client1]\nsteps:\n';
const read = (steps: string) => readScenario(head + steps, '/srv/lab/s.yml', lab, 's.yml');
const complaints = (steps: string): string => complaintsText(() => read(steps));
const client = 'on: client1, run: client';

describe('repeat', () => {
  it('takes its steps so often, each with its round, and the number wherever {round} stands', () => {
    const { steps } = read(`  - repeat: 2
    steps:
      - { start: 'c{round}', name: 'begin-{round}', ${client} }
      - { type: 'line {round} of {round}', into: 'c{round}' }
      - { wait: { port: 5000, count: '{round}' }, on: server }
  - look: server
`);
    expect(steps.map((step) => [describeStep(step).en, step.place.line])).toEqual([
      ['round 1 of 2: start c1 on client1: client', 7],
      ['round 1 of 2: type "line 1 of 1" into c1', 8],
      ['round 1 of 2: wait until server has 1 socket on port 5000', 9],
      ['round 2 of 2: start c2 on client1: client', 7],
      ['round 2 of 2: type "line 2 of 2" into c2', 8],
      ['round 2 of 2: wait until server has 2 sockets on port 5000', 9],
      ['look at the sockets and processes of server', 10],
    ]);
    expect(steps.map(({ name }) => name)).toEqual(['begin-1', undefined, undefined, 'begin-2', ...Array(3)]);
  });

  it('takes a rule of the wire in each round, by a name of its own', () => {
    const { steps } = read(`  - repeat: 2
    steps:
      - wire: [{ cut: server, rule: 'cut-{round}' }]
      - wire: [{ remove: 'cut-{round}' }]
`);
    expect(steps.map((step) => (step.verb === 'wire' ? step.wire : []))).toMatchObject([
      [{ kind: 'cut', rule: 'cut-1' }],
      [{ kind: 'remove', remove: 'cut-1' }],
      [{ kind: 'cut', rule: 'cut-2' }],
      [{ kind: 'remove', remove: 'cut-2' }],
    ]);
    expect(
      complaints('  - { repeat: 2, steps: [{ wire: [{ cut: server }] }, { wire: [{ heal: server }] }] }'),
    ).toContain('rule "cut-server" would be there in every round');
  });

  it.each([
    ['  - { repeat: { times: 3 }, steps: [{ look: server }] }', '"repeat" must be a number, not a map'],
    ['  - { repeat: 3, steps: 4 }', '"steps" must be a list, not the number 4'],
    ['  - { repeat: 3, steps: [4] }', 'a step must be a map, not the number 4'],
    ['  - { parallel: { a: 1 } }', '"parallel" must be a list, not a map'],
    ['  - { parallel: [1, 2] }', '"parallel" must be a list, not the number 1'],
    ['  - { parallel: [[], []] }', '"parallel" must not be empty'],
    [
      `  - { repeat: 2, steps: [{ start: c, ${client} }] }`,
      's.yml:5:35  program "c" would be there in every round: write c{round}',
    ],
    ['  - { repeat: 1, steps: [{ look: server }] }', 's.yml:5:15  "repeat" must be at least 2'],
    ['  - { repeat: 2 }', 's.yml:5:5  "steps" is missing in step "repeat"'],
    [
      '  - { repeat: 2, steps: [{ lok: server }] }',
      's.yml:5:28  unknown step "lok": did you mean "look"?\n    steps: ',
    ],
    [
      '  - { repeat: 2, steps: [{ repeat: 2, steps: [{ look: server }] }] }',
      's.yml:5:26  a repeat cannot stand in a repeat',
    ],
    [`  - { repeat: 100, steps: [${'{ look: server }, '.repeat(11)}] }`, 's.yml:5:5  more than 1000 steps'],
    [
      `  - { start: c1, ${client} }\n  - { repeat: 2, steps: [{ type: a, into: 'd{round}' }] }`,
      's.yml:6:43  unknown program "d1"',
    ],
  ])('%j', (text, expected) => expect(complaints(text)).toContain(expected));
});

describe('parallel', () => {
  it('keeps apart what is taken at the same time', () => {
    const { steps } = read(`  - { start: a, ${client} }
  - parallel:
      - [{ start: b, ${client} }, { close: b }]
      - [{ repeat: 2, steps: [{ type: '{round}', into: a }] }]
  - repeat: 2
    steps: [{ parallel: [[{ look: server }], [{ look: client1 }]] }]
`);
    expect(steps.map(({ branch }) => branch && `${branch.group}/${branch.number}`)).toEqual([
      undefined,
      '1/1',
      '1/1',
      '1/2',
      '1/2',
      '2/1',
      '2/2',
      '3/1',
      '3/2',
    ]);
  });

  it.each([
    ['  - parallel: [[{ look: server }]]', 's.yml:5:15  "parallel" must have 2 entries or more'],
    [
      '  - parallel: [[{ parallel: [[{ look: server }], [{ look: server }]] }], [{ look: server }]]',
      'a parallel cannot stand in a parallel',
    ],
    [
      `  - parallel: [[{ start: c, ${client} }], [{ close: c }]]`,
      's.yml:5:68  program "c" is used at the same time at line 5',
    ],
    ['  - parallel: [[{ look: server }], [{ lok: server }]]', 's.yml:5:39  unknown step "lok"'],
  ])('%j', (text, expected) => expect(complaints(text)).toContain(expected));
});
