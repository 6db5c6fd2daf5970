import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { endpointText } from '../model/endpoint.ts';
import { LabError } from '../model/lab-error.ts';
import type { SocketRow } from '../model/look.ts';
import { parseSockets } from './ss.ts';

const text = readFileSync(new URL('fixtures/states.ss', import.meta.url), 'utf8');
const brief = (row: SocketRow) =>
  [
    row.protocol,
    row.state,
    `${row.receiveQueue}/${row.sendQueue}`,
    endpointText(row.local),
    endpointText(row.peer),
    row.owners.map(({ name, pid, fd }) => `${name}:${pid}:${fd}`).join('+') || 'nobody',
    row.inode,
    row.uid,
    row.timer ?? '',
    row.engineOwned ? 'engine' : '',
  ]
    .join(' ')
    .trim();

describe('parseSockets', () => {
  it('reads every state, queue, owner and timer of a busy host', () => {
    expect(`\n${parseSockets(text).map(brief).join('\n')}\n`).toMatchInlineSnapshot(`
      "
      udp UNCONN 0/0 127.0.0.11:50238 0.0.0.0:0 nobody 19658 0  engine
      udp ESTABLISHED 0/0 127.0.0.1:50326 127.0.0.1:5005 python3:182162:16 397618 1000
      udp UNCONN 832/0 0.0.0.0:5005 0.0.0.0:0 python3:182162:15 397617 1000
      udp UNCONN 0/0 [::]:5006 [::]:0 python3:182162:17 397619 1000
      tcp LISTEN 2/1 0.0.0.0:5000 0.0.0.0:0 python3:182162:3 396929 1000
      tcp LISTEN 0/1 127.0.0.1:5001 0.0.0.0:0 kid's ((:182169:3+a b:182168:3 396932 1000
      tcp LISTEN 0/3 127.0.0.1:5004 0.0.0.0:0 python3:182162:12 397612 1000
      tcp LISTEN 0/4096 127.0.0.11:41177 0.0.0.0:0 nobody 19659 0  engine
      tcp ESTABLISHED 0/0 127.0.0.1:37922 127.0.0.1:5000 python3:182162:4 397604 1000
      tcp ESTABLISHED 0/0 127.0.0.1:37926 127.0.0.1:5000 python3:182162:5 397605 1000
      tcp ESTABLISHED 0/0 127.0.0.1:58918 127.0.0.1:5002 python3:182162:9 397609 1000
      tcp SYN-SENT 0/1 172.20.0.2:49436 172.20.0.77:5999 python3:182162:18 397620 1000 on,952ms,0
      tcp TIME-WAIT 0/0 127.0.0.1:34294 127.0.0.1:5004 nobody 0 0 timewait,59sec,0
      tcp FIN-WAIT-2 0/0 127.0.0.1:34296 127.0.0.1:5004 python3:182162:13 397615 1000
      tcp ESTABLISHED 0/0 127.0.0.1:5000 127.0.0.1:37926 nobody 0 1000
      tcp CLOSE-WAIT 1/0 127.0.0.1:5004 127.0.0.1:34296 python3:182162:14 397616 1000
      tcp ESTABLISHED 8/0 127.0.0.1:5000 127.0.0.1:37922 nobody 0 1000
      tcp LISTEN 0/3 [::1]:5003 [::]:0 python3:182162:11 397611 1000
      tcp LISTEN 0/8 [::]:5002 [::]:0 python3:182162:6 397606 1000
      tcp ESTABLISHED 0/0 [::1]:5002 [::1]:52790 python3:182162:8 397608 1000
      tcp ESTABLISHED 0/0 127.0.0.1:5002 127.0.0.1:58918 python3:182162:10 397610 1000
      tcp ESTABLISHED 0/0 [::1]:52790 [::1]:5002 python3:182162:7 397607 1000
      "
    `);
  });

  it('keeps line numbers and leaves out other families', () => {
    const [, udp = '', , , tcp = ''] = text.split('\n');
    const rows = parseSockets(`u_str ESTAB 0 0 * 1 * 2\n\n${udp}\n${tcp}\n`);
    expect(rows.map(({ row, protocol }) => [row, protocol])).toEqual([
      [3, 'udp'],
      [4, 'tcp'],
    ]);
  });

  it('is not fooled by a program whose name looks like fields', () => {
    const line = `tcp LISTEN 0 1 1.2.3.4:5 0.0.0.0:* users:(("x ino:7 uid:9 ",pid=3,fd=4),("y",pid=5,fd=6)) uid:1000 ino:42 sk:1`;
    expect(parseSockets(line)[0]).toMatchObject({
      inode: 42,
      uid: 1000,
      owners: [
        { name: 'x ino:7 uid:9 ', pid: 3, fd: 4 },
        { name: 'y', pid: 5, fd: 6 },
      ],
    });
  });

  it('names the line that it cannot read', () => {
    expect(() => parseSockets(`${text}ss: command not found`)).toThrow(LabError);
    expect(() => parseSockets('tcp DREAMING 0 0 1.2.3.4:5 0.0.0.0:*')).toThrow(/DREAMING/);
  });
});
