import { describe, expect, it } from 'vitest';
import type { ProcessRow } from '../model/look.ts';
import { processTree } from './process-tree.ts';

const row = (pid: number, ppid: number, name: string, uid = 1000): ProcessRow => ({
  row: pid,
  pid,
  ppid,
  uid,
  state: 'S',
  name,
  command: name,
});

describe('the tree of a look’s processes', () => {
  it('has parents before children, each with its place among its siblings', () => {
    const tree = processTree([row(9, 7, 'server2'), row(7, 6, 'server2'), row(8, 7, 'server2')]);
    expect(tree.map(({ process, last }) => [process.pid, last])).toEqual([
      [7, []],
      [8, [false]],
      [9, [true]],
    ]);
  });

  it('leaves out what records, and the host’s own first process, whoever it belongs to', () => {
    const rows = [row(1, 0, 'bwrap'), row(2, 1, 'sleep'), row(5, 1, 'strace'), row(6, 1, 'client'), row(3, 1, 'sh', 0)];
    expect(processTree(rows).map(({ process }) => process.name)).toEqual(['client']);
  });
});
