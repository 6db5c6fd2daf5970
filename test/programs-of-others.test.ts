// What the analysis says of programs that nobody wrote here, in a recorded run: nginx (two processes, SO_REUSEPORT,
// epoll, sendfile), python3 (threads), socat (a child for each connection, IPv6 for IPv4) and curl (a connect that does
// not block, a thread that resolves).

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { analyse } from '../labctl/analysis/analyse.ts';
import { readRun } from '../labctl/folder/read-run.ts';
import { endpointText } from '../labctl/model/endpoint.ts';
import type { Report } from '../labctl/model/report.ts';

let report: Report;
beforeAll(async () => {
  report = analyse(await readRun(join(import.meta.dirname, '../labctl/analysis/fixtures/others')));
});

describe('programs of others', () => {
  it('tells who had which socket', () => {
    const told = report.states.map(({ host, side, local, conversation, owners }) => {
      const whose = owners.map(({ program, pid, by, ended }) => `${program} ${pid} ${by}–${ended}`);
      return `${host} ${side}${conversation === undefined ? ` ${endpointText(local)}` : ` of ${conversation}`}: ${whose.join(', ')}`;
    });
    expect(told).toMatchInlineSnapshot(`
      [
        "server listener 0.0.0.0:8080: nginx 116 socket–close, nginx 121 fork–exit, nginx 122 fork–exit",
        "server listener 0.0.0.0:8080: nginx 116 socket–close, nginx 121 fork–exit, nginx 122 fork–exit",
        "server listener 0.0.0.0:8000: python 123 socket–close",
        "server listener [::]:7000: socat 128 socket–exit, socat 134 fork–close",
        "client1 initiator of 0: curl 113 socket–close",
        "server responder of 0: nginx 121 accept–close",
        "client1 initiator of 1: curl 113 socket–close",
        "server responder of 1: python 123 accept–close",
        "client1 initiator of 2: refused 120 socket–close",
        "client1 initiator of 3: line 126 socket–exit",
        "server responder of 3: socat 128 accept–close, socat 134 fork–exit",
      ]
    `);
  });

  it('ties the calls of each program to the conversation that they work on', () => {
    const told = report.calls
      .filter(({ conversation }) => conversation !== undefined)
      .filter(({ name }) => !/sockopt|getsockname|getpeername|fcntl|ioctl/.test(name))
      .map(({ conversation, program, name, result, errno, caused }) => {
        const sent = caused.length === 0 ? '' : ` → ${caused.map((number) => `#${number}`).join(' ')}`;
        return `${conversation} ${program} ${name} = ${errno ?? result}${sent}`;
      });
    expect(told.toSorted()).toMatchInlineSnapshot(`
      [
        "0 curl close = 0 → #30",
        "0 curl connect = EINPROGRESS → #1",
        "0 curl poll = 0",
        "0 curl poll = 0",
        "0 curl poll = 1",
        "0 curl poll = 1",
        "0 curl poll = 1",
        "0 curl poll = 1",
        "0 curl poll = 1",
        "0 curl poll = 1",
        "0 curl recvfrom = 72",
        "0 curl recvfrom = 8688",
        "0 curl sendto = 83 → #4",
        "0 curl socket = 5",
        "0 nginx accept4 = 9",
        "0 nginx close = 0 → #31",
        "0 nginx recvfrom = 0",
        "0 nginx recvfrom = 83",
        "0 nginx sendfile = 8519 → #6 #7 #8 #9 #10 #16 #18",
        "0 nginx writev = 241 → #6",
        "1 curl close = 0 → #29",
        "1 curl connect = EINPROGRESS → #20",
        "1 curl poll = 0",
        "1 curl poll = 0",
        "1 curl poll = 1",
        "1 curl poll = 1",
        "1 curl poll = 1",
        "1 curl poll = 1",
        "1 curl poll = 1",
        "1 curl poll = 1",
        "1 curl recvfrom = 185",
        "1 curl recvfrom = 335",
        "1 curl sendto = 79 → #23",
        "1 curl socket = 6",
        "1 python accept4 = 4",
        "1 python close = 0",
        "1 python recvfrom = 79",
        "1 python sendto = 185 → #25",
        "1 python sendto = 335 → #27",
        "1 python shutdown = 0 → #33",
        "2 refused close = 0",
        "2 refused connect = EINPROGRESS → #35",
        "2 refused poll = 1",
        "2 refused poll = 1",
        "2 refused socket = 5",
        "3 line connect = 0 → #37",
        "3 line pselect6 = 1",
        "3 line pselect6 = 1",
        "3 line pselect6 = 1",
        "3 line pselect6 = 1",
        "3 line pselect6 = 1",
        "3 line shutdown = 0 → #42",
        "3 line shutdown = ENOTCONN",
        "3 line socket = 5",
        "3 line write = 6 → #40",
        "3 socat accept = 6",
        "3 socat close = 0",
        "3 socat pselect6 = 1",
        "3 socat pselect6 = 1",
        "3 socat pselect6 = 2",
        "3 socat read = 0",
        "3 socat read = 6",
        "3 socat shutdown = 0 → #43",
      ]
    `);
  });

  it('puts neither Unix sockets nor the ends of threads on the time line', () => {
    const unix = new Set(
      report.calls
        .filter(({ name }) => name === 'socketpair')
        .flatMap(({ host, args }) =>
          [...(args[3] ?? '').matchAll(/\[(\d+)\]/g)].map(([, inode]) => `${host} ${inode}`),
        ),
    );
    expect(unix.size).toBeGreaterThan(6);
    const drawn = report.moments.flatMap((moment) => (moment.kind === 'call' ? [report.calls[moment.call]] : []));
    expect(drawn.filter((call) => unix.has(`${call?.host} ${call?.inode}`))).toEqual([]);
    const ends = report.moments.flatMap((moment) =>
      moment.kind === 'exit' ? [`${moment.program} ${moment.pid}`] : [],
    );
    expect(ends).toMatchInlineSnapshot(`
      [
        "curl 113",
        "refused 120",
        "socat 134",
        "line 126",
        "socat 128",
        "python 123",
        "nginx 122",
        "nginx 121",
        "nginx 116",
      ]
    `);
  });
});
