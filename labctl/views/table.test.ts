import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableLines } from './table.ts';
import { plainStyle } from './testing.ts';
import { textWidth } from './width.ts';

const columns = [
  { title: 'host' },
  { title: 'bytes', align: 'right' as const },
  { title: 'say', overflow: 'wrap' as const },
];

describe('tableLines', () => {
  it('aligns columns, wide characters included', () => {
    expect(
      tableLines(
        columns,
        [
          ['日本', '8', 'one'],
          ['server', '1448', 'two'],
        ],
        plainStyle,
      ).join('\n'),
    ).toMatchInlineSnapshot(`
      " host    bytes  say
       日本        8  one
       server   1448  two"
    `);
  });
  it('never cuts a number or its unit', () => {
    const right = { title: 'lasted', align: 'right' as const };
    const rows = [['x'.repeat(12), 'both closed (FIN)', '131.1 ms']];
    const narrow = { ...plainStyle, width: 30 };
    expect(
      tableLines([{ title: 'host' }, { title: 'ended', overflow: 'wrap' }, right], rows, narrow).join('\n'),
    ).toMatch(/131\.1 ms/);
  });
  it('wraps what may be wrapped before it cuts', () => {
    const rows = [['a-very-long-host-name', '8', 'a sentence of several words that needs room']];
    expect(tableLines(columns, rows, { ...plainStyle, width: 40 }).join('\n')).toMatchInlineSnapshot(`
      " host            bytes  say
       a-very-long-h…      8  a sentence of
                              several words
                              that needs room"
    `);
  });
  it('stacks rows where columns have no room', () => {
    const rows = [
      ['client1', '8', '172.30.0.3:41022'],
      ['server', '9', '172.30.0.2:5000'],
    ];
    expect(tableLines(columns, rows, { ...plainStyle, width: 24 }).join('\n')).toMatchInlineSnapshot(`
      " host   client1
       bytes  8
       say    172.30.0.3:41022

       host   server
       bytes  9
       say    172.30.0.2:5000"
    `);
  });
  it('is never wider than the terminal', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ' ', '日', 'é', '\x1b', '\n'), maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 20, max: 90 }),
        (rows, width) => {
          for (const line of tableLines(columns, rows, { ...plainStyle, width }))
            expect(textWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
