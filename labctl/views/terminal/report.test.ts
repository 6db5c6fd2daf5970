import { describe, expect, it } from 'vitest';
import {
  echoStory,
  fourHostStory,
  judgedStory,
  longStory,
  loopbackStory,
  lossStory,
  queueStory,
  wideStory,
} from '../stories.ts';
import { plainStyle } from '../testing.ts';
import { textWidth } from '../width.ts';
import { renderReport } from './report.ts';

const options = { folder: 'runs/tcp/r', command: 'labctl' };

describe('the report', () => {
  it('names the captures that are there after a kill, and claims no count', () => {
    const report = echoStory();
    report.run.drops = [];
    const text = renderReport(report, plainStyle, { ...options, run: '20260301-echo' });
    expect(text).toContain('raw/client1/eth0.pcap');
    expect(text).not.toMatch(/pcapng|packets recorded/);
  });
  it('never breaks a path in two: a long folder stands above its files', () => {
    const folder = `/home/${'student/'.repeat(9)}runs/tcp/r`;
    const text = renderReport(echoStory(), plainStyle, { ...options, folder, page: 'report.html' });
    expect(text).toContain(`\n ${folder}/\n   report.html\n   server.pcapng\n   client1.pcapng\n`);
  });
  it('shows this run again, not the latest', () => {
    const text = renderReport(fourHostStory(), plainStyle, { ...options, run: '20260301-four' });
    expect(text).toContain('show 20260301-four --conversation 1');
  });
  it('tells a run as a story', () => {
    expect(`\n${renderReport(judgedStory(), plainStyle, options)}\n`).toMatchInlineSnapshot(`
      "
      A story
      What happens between hosts.

      What happened, on one time line ────────────────────────────────────────────────
        #    seconds client1              client2              server
                     172.30.0.3:41022     172.30.0.4:41024     172.30.0.2:5000
        1  0.000 000 ├── S 0 ─────────────┼─────────── 31 µs ─►│ SYN: client1 asks to
                     │                    │                    │ connect
        2  0.000 048 │◄─ S. 0 ack 1 ──────┼─────────── 28 µs ──┤ SYN-ACK from server’s
                     │                    │                    │ kernel
        3  0.000 097 ├── . ack 1 ─────────┼─────────── 22 µs ─►│ ACK: open; initial
                     │                    │                    │ RTT 97 µs
           0.000 150 │                    │                    │ accept(3) = 4 ←
                     │                    │                    │ client1:41022
        4  0.000 500 │                    ├── S 0 ──── 31 µs ─►│ SYN: client2 asks to
                     │                    │                    │ connect
        5  0.000 548 │                    │◄─ S. 0 ack 1 ──────┤ SYN-ACK from server’s
                     │                    │                    │ kernel (28 µs)
        6  0.000 597 │                    ├── . ack 1 ────────►│ ACK: open; initial
                     │                    │                    │ RTT 97 µs (22 µs)
           0.000 900 │                    │                    │ ◆ look “waiting”

      Conversations and their ports ──────────────────────────────────────────────────
       #  initiator         responder         ended             bytes→  ←bytes  lasted
       1  client1           server            both closed            8       8   1.5 s
          172.30.0.3:41022  172.30.0.2:5000   (FIN)
       2  client2           server            both closed            8       8   1.5 s
          172.30.0.4:41024  172.30.0.2:5000   (FIN)

      Look “waiting” at server, 0.000 900 s ──────────────────────────────────────────
       row  state        local            peer              queue           owner
         1  LISTEN       0.0.0.0:5000     0.0.0.0:*         1 waiting,      server 15
                                                            backlog 5
         3  ESTABLISHED  172.30.0.2:5000  172.30.0.3:41022                  server 15
         4  ESTABLISHED  172.30.0.2:5000  172.30.0.4:41024  8 bytes unread  no process
         5  TIME-WAIT    172.30.0.2:5000  172.30.0.3:41020                  the kernel

       row  pid  process     state
         3   15  server2     S sleeps
         4   17  ├─ server2  S sleeps
         5   18  └─ server2  Z zombie: ended, its parent has not called wait() yet

       kernel counter       since “start”
       TcpPassiveOpens  +2  connections that came in
       ListenOverflows  +1  accept queue was full

      The life of server, call by call ───────────────────────────────────────────────
       #  source       call                    seconds  sends
       1  server.c:51  socket() = 3          0.000 000  no packet
       4  server.c:73  accept(3) …           0.000 000  no packet
       6  server.c:87  send(4, "hello") = 5  0.000 000  #1-3, #6

      What was expected, and what was seen ───────────────────────────────────────────
       ✓ The handshake completes though nobody accepts.
         #4-6 (client2/eth0 frames 4-6) · scenarios/story.yml:9
       ✗ The second client is answered.
         expected  server.5000 > client2 P. length >0
         seen      server.5000 > client2 S.
         call 1 of server (accept) · look “waiting” at server, sockets row 4 ·
         scenarios/story.yml:9
       ? The client prints nothing.
         expected  no output
         seen      the run was interrupted
         scenarios/story.yml:9

       1 of 3 expectations met, 1 unmet, 1 not observable

      Questions ──────────────────────────────────────────────────────────────────────
       ▸ Do you understand why?

      Files ──────────────────────────────────────────────────────────────────────────
       runs/tcp/r/server.pcapng
       runs/tcp/r/client1.pcapng
       runs/tcp/r/client2.pcapng
       36 packets recorded, none dropped

      Next ───────────────────────────────────────────────────────────────────────────
        labctl learn story            the same as a lesson, with hints
        labctl show --answers         the answers to the questions
        labctl show --conversation 1  one conversation alone
        labctl wireshark              the packets in Wireshark
        labctl list                   the other scenarios
      "
    `);
  });
  it('says which rule of the wire met nothing', () => {
    const report = judgedStory();
    report.run.wire = [
      { rule: 'first-syn', hit: 1, passed: 2 },
      { rule: 'third-data', hit: 0, passed: 2 },
      { rule: 'all', hit: 0, passed: 0 },
    ];
    const text = renderReport(report, plainStyle, options);
    expect(text).toContain(' ? The rule “third-data” was about 2 packets and took none, so nothing can be\n');
    expect(text).toContain(' ? The rule “all” met no packet, so nothing can be told about what it was there\n');
    expect(text).not.toContain('first-syn');
  });
  it('gives the answers when asked', () => {
    const text = renderReport(judgedStory(), plainStyle, { ...options, answers: () => 'Because of the accept queue.' });
    expect(text).toContain('   Because of the accept queue.');
    expect(text).not.toContain('--answers');
  });
  it('shows a window of a long ladder and says how to see all of it', () => {
    const [short, all] = [
      renderReport(longStory(), plainStyle, options),
      renderReport(longStory(), plainStyle, { ...options, all: true }),
    ];
    expect(short.split('\n').length).toBeLessThan(400);
    expect(short).toContain('⋮ 4 700 rows left out');
    expect(short).toContain('labctl show --all');
    expect(all.split('\n').length).toBeGreaterThan(5000);
    expect(all).not.toContain('--all');
  });
  it('says so when there is no such conversation, or nothing at all', () => {
    expect(renderReport(echoStory(), plainStyle, { ...options, conversation: 7 })).toContain(
      'There is no conversation 7: this run has 1 to 1.',
    );
    const nothing = { ...echoStory(), moments: [], passages: [], conversations: [] };
    expect(renderReport(nothing, plainStyle, options)).toContain('No packet and no call was recorded.');
  });
  it('says before everything else what the run lacks: its end, packets, a clock that stands still', () => {
    const report = echoStory();
    report.run.outcome = 'engine-failed';
    report.events.push(
      { at: 3, kind: 'clock-stepped', by: -3_600_000_000 },
      { at: 4, kind: 'stopped', why: 'somebody removed this host' },
    );
    report.run.drops = [{ host: 'server', interface: 'eth0', captured: 5, dropped: 2 }];
    const [head = '', rest = ''] = renderReport(report, { ...plainStyle, width: 200 }, options).split('What happened');
    expect(head.match(/^✗ .*/gm)).toEqual([
      '✗ the engine failed; what was recorded until then is shown',
      '✗ stopped: somebody removed this host',
      '✗ 2 packets were dropped by the recording at server/eth0: the ladder has gaps',
      '✗ the machine’s clock jumped by -3600 s during the run: times before and after do not fit',
    ]);
    expect(rest).toContain('2 packets were dropped by the recording at server/eth0');
  });
  it('is never wider than the terminal, commands and paths to copy excepted', () => {
    const stories = [echoStory, lossStory, fourHostStory, queueStory, wideStory, loopbackStory, judgedStory];
    const reports = stories.map((story) => story());
    const tooWide = reports.flatMap((report) =>
      (['en', 'fr'] as const).flatMap((language) =>
        [true, false].flatMap((unicode) =>
          [20, 33, 48, 60, 79, 80, 81, 99, 120, 200].flatMap((width) =>
            renderReport(report, { color: false, unicode, width, language }, options)
              .split('\n')
              .filter((line) => !/^ {2}(wireshark|labctl) /.test(line) && textWidth(line) > width)
              .map((line) => `${width}: ${line}`),
          ),
        ),
      ),
    );
    expect(tooWide).toEqual([]);
  });
});
