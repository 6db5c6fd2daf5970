import { describe, expect, it } from 'vitest';
import { parseAddr2line } from './source-lines.ts';

// addr2line -a -i -f -e server 0x11b4 0x1400 0x1100
const printed = `0x00000000000011b4
receive
/tmp/images/server/server.c:112
main
/tmp/images/server/server.c:84 (discriminator 1)
0x0000000000001400
main
/tmp/images/server/server.c:62
0x0000000000001100
_start
??:?
`;

describe('parseAddr2line', () => {
  it('takes the outermost line of inlined calls, and leaves out what has none', () => {
    const found = parseAddr2line(printed, '/usr/local/bin/server', [0x11b5, 0x1401, 0x1101]);
    expect(found.map(({ key, line }) => [key, `${line.file}:${line.line} ${line.function}`])).toEqual([
      ['/usr/local/bin/server+0x11b5', 'server.c:84 main'],
      ['/usr/local/bin/server+0x1401', 'server.c:62 main'],
    ]);
  });
});
