import { describe, expect, it } from 'vitest';
import { builtProgram, plannedProgram, recipeFor, type SubmittedFile } from './submission.ts';

const file = (path: string, mode = 0o644, head = ''): SubmittedFile => ({ path, mode, head });

describe('recipeFor', () => {
  it.each([
    ['one C file', [file('my.c')], { kind: 'compile', sources: ['my.c'], program: 'my' }],
    [
      'C that lost its way to be executable',
      [file('a b.c', 0o755)],
      { kind: 'compile', sources: ['a b.c'], program: 'a b' },
    ],
    ['Python', [file('x.py')], { kind: 'run', argv: ['python3', './x.py'], file: 'x.py' }],
    ['a script by its first line', [file('go', 0o644, '#!/b')], { kind: 'run', argv: ['./go'], file: 'go' }],
    ['an executable', [file('go', 0o755)], { kind: 'run', argv: ['./go'], file: 'go' }],
    ['a Makefile', [file('Makefile'), file('x.c')], { kind: 'make' }],
    [
      'the name of the role',
      [file('client.c'), file('server.c')],
      { kind: 'compile', sources: ['server.c'], program: 'server' },
    ],
    [
      'several C files',
      [file('a.c'), file('b.c'), file('b.h')],
      { kind: 'compile', sources: ['a.c', 'b.c'], program: 'server' },
    ],
  ])('%s', (_, files, recipe) => expect(recipeFor(files, 'server')).toEqual(recipe));

  it.each([
    ['two scripts', [file('a.py'), file('b.py')], /several programs are there \(a\.py, b\.py\)/],
    ['a text', [file('notes.txt')], /there is no program/],
    ['what lies deeper or is hidden', [file('x/server.c'), file('.server.c')], /there is no program/],
  ])('refuses %s', (_, files, why) =>
    expect(recipeFor(files, 'server')).toEqual({ wrong: { en: expect.stringMatching(why), fr: expect.any(String) } }),
  );
});

describe('plannedProgram', () => {
  it.each([
    ['C', [file('my.c')], ['./my']],
    ['Python', [file('my.py')], ['python3', './my.py']],
    ['a Makefile', [file('Makefile'), file('x.c')], ['./server']],
  ])('%s', (_, files, argv) => expect(plannedProgram(files, 'server')).toEqual({ argv }));
});

describe('builtProgram', () => {
  it('prefers the name of the role, then what make has made', () => {
    expect(builtProgram(['old', 'server'], [file('old', 0o755)], 'server')).toBe('server');
    expect(builtProgram(['old', 'echo', 'x.o'], [file('old', 0o755)], 'server')).toBe('echo');
    expect(builtProgram(['old'], [file('old', 0o755)], 'server')).toBe('old');
  });
  it('does not guess', () => {
    expect(builtProgram(['a', 'b'], [], 'server')).toMatchObject({ wrong: { en: expect.stringContaining('a, b') } });
    expect(builtProgram([], [], 'server')).toMatchObject({ wrong: { en: expect.stringContaining('named server') } });
  });
});
