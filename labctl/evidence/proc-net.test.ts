import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { endpointText } from '../model/endpoint.ts';
import { LabError } from '../model/lab-error.ts';
import type { SocketRow } from '../model/look.ts';
import { parseProcNet } from './proc-net.ts';
import { parseSockets } from './ss.ts';

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

const name = (row: Pick<SocketRow, 'protocol' | 'state' | 'local' | 'peer' | 'inode'>) =>
  `${row.protocol} ${row.state} ${endpointText(row.local)} ${endpointText(row.peer)} ${row.inode}`;

describe('parseProcNet', () => {
  it('reads the same sockets as ss, a moment earlier, did', () => {
    const seen = (['tcp', 'tcp6', 'udp', 'udp6'] as const).flatMap((file) =>
      parseProcNet(fixture(`states.${file}`), file.startsWith('tcp') ? 'tcp' : 'udp'),
    );
    expect(seen.map(name).sort()).toEqual(parseSockets(fixture('states.ss')).map(name).sort());
  });

  it('tells the accept queue of a listener, unread bytes of a connection and bytes on their way', () => {
    const rows = parseProcNet(fixture('states.tcp'), 'tcp');
    expect(rows.find(({ state }) => state === 'LISTEN')).toMatchObject({ receiveQueue: 2, sendQueue: 0, uid: 1000 });
    expect(rows.find(({ state }) => state === 'SYN-SENT')).toMatchObject({ receiveQueue: 0, sendQueue: 1 });
    expect(rows.at(-1)).toMatchObject({ receiveQueue: 8, inode: 0 });
  });

  it('names the line that it cannot read', () => {
    expect(() => parseProcNet('cat: /proc/net/tcp6: No such file or directory', 'tcp')).toThrow(LabError);
  });
});
