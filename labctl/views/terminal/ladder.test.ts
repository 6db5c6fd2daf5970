import { describe, expect, it } from 'vitest';
import type { Report } from '../../model/report.ts';
import { ladderOf } from '../ladder-rows.ts';
import { echoStory, fourHostStory, loopbackStory, lossStory, queueStory, roughStory, wideStory } from '../stories.ts';
import type { TerminalStyle } from '../style.ts';
import { plainStyle } from '../testing.ts';
import { ladderLines, windowed } from './ladder.ts';

const draw = (report: Report, style: Partial<TerminalStyle> = {}, conversation?: number): string => {
  const whole = { ...plainStyle, ...style };
  return `\n${ladderLines(ladderOf(report, { language: whole.language, conversation }), whole).join('\n')}\n`;
};

describe('the ladder', () => {
  it('draws two hosts in 80 columns', () => {
    expect(draw(echoStory())).toMatchInlineSnapshot(`
      "
        #    seconds client1                           server
                     172.30.0.3:41022                  172.30.0.2:5000
                     │                                 │
       ▸ The client asks for a connection; the server’s kernel answers before the
         program does.
           0.000 010 │ $ client server                 │
           0.000 052 │ connect(3, server:5000) = 0     │
        1  0.000 083 ├── S seq 0 ───────────── 31 µs ─►│ SYN: client1 asks to connect
                     │ SYN-SENT           SYN-RECEIVED │
        2  0.000 131 │◄─ S. seq 0 ack 1 ────── 28 µs ──┤ SYN-ACK from server’s kernel
                     │ ESTABLISHED                     │
        3  0.000 180 ├── . ack 1 ───────────── 22 µs ─►│ ACK: open; initial RTT 97 µs
                     │                     ESTABLISHED │
           0.000 240 │                                 │ accept(3) = 4 ← :41022
          ⋮ 1.203 s  ┊                                 ┊
           1.203 100 │ » bonjour                       │
           1.203 380 │ write(3, "bonjour\\n") = 8       │
        4  1.203 400 ├── P. 1:9 ack 1 ──────── 33 µs ─►│ 8 bytes "bonjour\\n"
        5  1.203 450 │◄─ . ack 9 ───────────── 25 µs ──┤ ACK: server has 8 bytes
           1.203 480 │                                 │ read(4, "bonjour\\n") = 8
           1.203 900 │ « bonjour                       │
        6  1.300 000 ├── F. seq 9 ack 9 ────── 30 µs ─►│ FIN: client1 sends no more
                     │ FIN-WAIT-1           CLOSE-WAIT │
        7  1.300 050 │◄─ F. seq 9 ack 10 ───── 27 µs ──┤ FIN: server closes too
                     │ TIME-WAIT              LAST-ACK │
        8  1.300 090 ├── . ack 10 ──────────── 21 µs ─►│ ACK of the last FIN: closed
                     │                          CLOSED │
      "
    `);
  });
  it('gives every endpoint the room that it needs, however near the next lifeline is', () => {
    const widths = [112, 116, 120, 124, 130];
    const heads = widths.map((width) => draw(queueStory(), { width }).split('\n')[2]?.trim().split(/\s+/));
    for (const head of heads) expect(head).toEqual(heads[0]);
    expect(heads[0]?.join(' ')).not.toContain('…');
  });
  it('draws both times where there is room for them', () => {
    expect(draw(echoStory(), { width: 120 })).toMatchInlineSnapshot(`
      "
        #    seconds client1                             server seconds
                     172.30.0.3:41022           172.30.0.2:5000
                     │                                        │
       ▸ The client asks for a connection; the server’s kernel answers before the program does.
           0.000 010 │ $ client server                        │
           0.000 052 │ connect(3, server:5000) = 0            │
        1  0.000 083 ├── S seq 0 ──────────────────── 31 µs ─►│ 0.000 114  SYN: client1 asks to connect
                     │ SYN-SENT                  SYN-RECEIVED │
        2  0.000 159 │◄─ S. seq 0 ack 1 ───────────── 28 µs ──┤ 0.000 131  SYN-ACK from server’s kernel
                     │ ESTABLISHED                            │
        3  0.000 180 ├── . ack 1 ──────────────────── 22 µs ─►│ 0.000 202  ACK: open; initial RTT 97 µs
                     │                            ESTABLISHED │
                     │                                        │ 0.000 240  accept(3) = 4 ← :41022
          ⋮ 1.203 s  ┊                                        ┊
           1.203 100 │ » bonjour                              │
           1.203 380 │ write(3, "bonjour\\n") = 8              │
        4  1.203 400 ├── P. 1:9 ack 1 ─────────────── 33 µs ─►│ 1.203 433  8 bytes "bonjour\\n"
        5  1.203 475 │◄─ . ack 9 ──────────────────── 25 µs ──┤ 1.203 450  ACK: server has 8 bytes
                     │                                        │ 1.203 480  read(4, "bonjour\\n") = 8
           1.203 900 │ « bonjour                              │
        6  1.300 000 ├── F. seq 9 ack 9 ───────────── 30 µs ─►│ 1.300 030  FIN: client1 sends no more
                     │ FIN-WAIT-1                  CLOSE-WAIT │
        7  1.300 077 │◄─ F. seq 9 ack 10 ──────────── 27 µs ──┤ 1.300 050  FIN: server closes too
                     │ TIME-WAIT                     LAST-ACK │
        8  1.300 090 ├── . ack 10 ─────────────────── 21 µs ─►│ 1.300 111  ACK of the last FIN: closed
                     │                                 CLOSED │
      "
    `);
    expect(draw(lossStory(), { width: 100 })).toMatchInlineSnapshot(`
      "
        #    seconds client1                             server seconds
                     172.30.0.3:41022           172.30.0.2:5000
        1  0.000 000 ├── S seq 0 ──────────────────── 31 µs ─►│ 0.000 031  SYN: client1 asks to connect
        2  0.000 076 │◄─ S. seq 0 ack 1 ───────────── 28 µs ──┤ 0.000 048  SYN-ACK from server’s kernel
        3  0.000 097 ├── . ack 1 ──────────────────── 22 µs ─►│ 0.000 119  ACK: open; initial RTT 97 µs
          ⋮ 1.203 s  ┊                                        ┊
        4  1.203 400 ├── P. 1:9 ack 1 ───────────────────✗    │            lost: never arrived; 8 bytes
                     │                                        │            "bonjour\\n"
          ⋮ 203.7 ms ┊                                        ┊
        5  1.407 112 ├── P. 1:9 ack 1 ─────────────── 33 µs ─►│ 1.407 145  #4 again, after 203.7 ms
        6            │    ✗─ . ack 9 ─────────────────────────┤ 1.407 160  lost: never arrived; ACK:
                     │                                        │            server has 8 bytes
      "
    `);
  });
  it('draws late arrivals and copies as rows of their own, and says why segments were sent again', () => {
    expect(draw(roughStory())).toMatchInlineSnapshot(`
      "
        #    seconds client1                           server
                     172.30.0.3:41022                  172.30.0.2:5000
        1  0.000 000 ├── S seq 0 ───────────── 31 µs ─►│ SYN: client1 asks to connect
        2  0.000 048 │◄─ S. seq 0 ack 1 ────── 28 µs ──┤ SYN-ACK from server’s kernel
        3  0.000 097 ├── . ack 1 ───────────── 22 µs ─►│ ACK: open; initial RTT 97 µs
        4  0.001 000 ├── P. 1:9 ack 1 ────────────╌╌╌╌ │ 8 bytes "bonjour\\n"; arrives
                     │                                 │ after #5
        5  0.001 100 ├── P. 9:17 ack 1 ─────── 33 µs ─►│ 8 bytes "bonjour\\n"
        6  0.001 133 │◄─ . ack 1 ───────────── 25 µs ──┤ ACK
        4  0.001 900 │ ╌╌╌╌─ P. 1:9 ack 1 ─── 900 µs ─►│ #4 arrives out of order,
                     │                                 │ after #5
        7  0.003 000 ├── P. 17:25 ack 1 ────── 33 µs ─►│ 8 bytes "bonjour\\n"
        7  0.003 090 │ ╌╌╌╌─ P. 17:25 ack 1 ── 90 µs ─►│ #7 arrives once more: a copy
                     │                                 │ nobody sent
        8  0.004 000 ├── P. 25:33 ack 1 ──────────✗    │ lost to rule “third data
                     │                                 │ segment” (counter 1); 8 bytes
                     │                                 │ "bonjour\\n"
        9  0.004 010 ├── P. 33:41 ack 1 ────── 33 µs ─►│ 8 bytes "bonjour\\n"
       10  0.004 050 │◄─ . ack 25 ──────────── 25 µs ──┤ ACK: server has 24 bytes
       11  0.004 100 ├── P. 25:33 ack 1 ────── 33 µs ─►│ #8 again, after 100 µs: fast
                     │                                 │ retransmission
                     │                                 │ (TCPFastRetrans +1), asked
                     │                                 │ for by #10-11
       12  0.005 000 ├── P. 41:49 ack 1 ──────────✗    │ lost: never arrived; 8 bytes
                     │                                 │ "bonjour\\n"
          ⋮ 200 ms   ┊                                 ┊
       13  0.205 000 ├── P. 41:49 ack 1 ────── 33 µs ─►│ #12 again, after 200 ms: tail
                     │                                 │ loss probe (TCPLossProbes +1)
      "
    `);
    expect(draw(roughStory(), { width: 120, language: 'fr' })).toMatchInlineSnapshot(`
      "
        #   secondes client1                             server secondes
                     172.30.0.3:41022           172.30.0.2:5000
        1  0.000 000 ├── S seq 0 ──────────────────── 31 µs ─►│ 0.000 031  SYN : client1 appelle
        2  0.000 076 │◄─ S. seq 0 ack 1 ───────────── 28 µs ──┤ 0.000 048  SYN-ACK du noyau de server
        3  0.000 097 ├── . ack 1 ──────────────────── 22 µs ─►│ 0.000 119  ACK : ouvert ; RTT initial 97 µs
        4  0.001 000 ├── P. 1:9 ack 1 ───────────────────╌╌╌╌ │            8 octets "bonjour\\n" ; arrive après #5
        5  0.001 100 ├── P. 9:17 ack 1 ────────────── 33 µs ─►│ 0.001 133  8 octets "bonjour\\n"
        6  0.001 158 │◄─ . ack 1 ──────────────────── 25 µs ──┤ 0.001 133  ACK
        4            │ ╌╌╌╌─ P. 1:9 ack 1 ────────── 900 µs ─►│ 0.001 900  #4 arrive en désordre, après #5
        7  0.003 000 ├── P. 17:25 ack 1 ───────────── 33 µs ─►│ 0.003 033  8 octets "bonjour\\n"
        7            │ ╌╌╌╌─ P. 17:25 ack 1 ───────── 90 µs ─►│ 0.003 090  #7 arrive encore : une copie que nul n’a envoyée
        8  0.004 000 ├── P. 25:33 ack 1 ─────────────────✗    │            perdu par la règle « third data segment » (compteur
                     │                                        │            1) ; 8 octets "bonjour\\n"
        9  0.004 010 ├── P. 33:41 ack 1 ───────────── 33 µs ─►│ 0.004 043  8 octets "bonjour\\n"
       10  0.004 075 │◄─ . ack 25 ─────────────────── 25 µs ──┤ 0.004 050  ACK : server a 24 octets
       11  0.004 100 ├── P. 25:33 ack 1 ───────────── 33 µs ─►│ 0.004 133  #8 à nouveau, après 100 µs : retransmission rapide
                     │                                        │            (TCPFastRetrans +1), demandée par #10-11
       12  0.005 000 ├── P. 41:49 ack 1 ─────────────────✗    │            perdu : jamais arrivé ; 8 octets "bonjour\\n"
          ⋮ 200 ms   ┊                                        ┊
       13  0.205 000 ├── P. 41:49 ack 1 ───────────── 33 µs ─►│ 0.205 033  #12 à nouveau, après 200 ms : sonde de fin (TLP)
                     │                                        │            (TCPLossProbes +1)
      "
    `);
    expect(draw(roughStory(), { width: 40 })).toMatchInlineSnapshot(`
      "
      0.000000 #1 client1 > server S seq 0
        (31 µs; SYN: client1 asks to connect)
      0.000048 #2 server > client1 S. seq 0
        ack 1 (28 µs; SYN-ACK from server’s
        kernel)
      0.000097 #3 client1 > server . ack 1
        (22 µs; ACK: open; initial RTT 97 µs)
      0.001000 #4 client1 > server P. 1:9 ack
        1 (8 bytes "bonjour\\n"; arrives after
        #5)
      0.001100 #5 client1 > server P. 9:17 ack
        1 (33 µs; 8 bytes "bonjour\\n")
      0.001133 #6 server > client1 . ack 1
        (25 µs; ACK)
      0.001900 #4 client1 > server P. 1:9 ack
        1 (900 µs; #4 arrives out of order,
        after #5)
      0.003000 #7 client1 > server P. 17:25
        ack 1 (33 µs; 8 bytes "bonjour\\n")
      0.003090 #7 client1 > server P. 17:25
        ack 1 (90 µs; #7 arrives once more: a
        copy nobody sent)
      0.004000 #8 client1 > server P. 25:33
        ack 1 (lost to rule “third data
        segment” (counter 1); 8 bytes
        "bonjour\\n")
      0.004010 #9 client1 > server P. 33:41
        ack 1 (33 µs; 8 bytes "bonjour\\n")
      0.004050 #10 server > client1 . ack 25
        (25 µs; ACK: server has 24 bytes)
      0.004100 #11 client1 > server P. 25:33
        ack 1 (33 µs; #8 again, after 100 µs:
        fast retransmission (TCPFastRetrans
        +1), asked for by #10-11)
      0.005000 #12 client1 > server P. 41:49
        ack 1 (lost: never arrived; 8 bytes
        "bonjour\\n")
      ⋮ 200 ms
      0.205000 #13 client1 > server P. 41:49
        ack 1 (33 µs; #12 again, after 200 ms:
        tail loss probe (TCPLossProbes +1))
      "
    `);
    expect(draw(roughStory(), { unicode: false })).toMatch(/^[\n\x20-\x7e]*$/);
  });
  it('draws four hosts in 120 columns', () => {
    expect(draw(fourHostStory(), { width: 120 })).toMatchInlineSnapshot(`
      "
        #    seconds client1                 client2                 client3                 server
                     172.30.0.3:41022        172.30.0.4:41024        172.30.0.5:41026        172.30.0.2:5000
           0.000 000 │ connect(3, server:5000) = 0                   │                       │
        1  0.000 020 ├── S 0 ────────────────┼───────────────────────┼────────────── 31 µs ─►│ SYN: client1 asks to connect
        2  0.000 068 │◄─ S. 0 ack 1 ─────────┼───────────────────────┼────────────── 28 µs ──┤ SYN-ACK from server’s kernel
        3  0.000 117 ├── . ack 1 ────────────┼───────────────────────┼────────────── 22 µs ─►│ ACK: open; initial RTT 97 µs
           0.000 150 │                       │                       │                       │ accept(3) … waits
           0.001 000 │                       │ connect(3, server:5000) = 0                   │
        4  0.001 020 │                       ├── S 0 ────────────────┼────────────── 31 µs ─►│ SYN: client2 asks to connect
        5  0.001 068 │                       │◄─ S. 0 ack 1 ─────────┼────────────── 28 µs ──┤ SYN-ACK from server’s kernel
        6  0.001 117 │                       ├── . ack 1 ────────────┼────────────── 22 µs ─►│ ACK: open; initial RTT 97 µs
           0.001 150 │                       │                       │                       │ accept(3) … waits
           0.002 000 │                       │                       │ connect(3, server:5000) = 0
        7  0.002 020 │                       │                       ├── S 0 ─────── 31 µs ─►│ SYN: client3 asks to connect
        8  0.002 068 │                       │                       │◄─ S. 0 ack 1 ─────────┤ SYN-ACK from server’s kernel
                     │                       │                       │                       │ (28 µs)
        9  0.002 117 │                       │                       ├── . ack 1 ─── 22 µs ─►│ ACK: open; initial RTT 97 µs
           0.002 150 │                       │                       │                       │ accept(3) … waits
           0.004 150 │                       │                       │                       │ accept(3) = 4 ← client1:41022
                     │                       │                       │                       │ waited 4 ms
           0.005 150 │                       │                       │                       │ accept(3) = 5 ← client2:41024
                     │                       │                       │                       │ waited 4 ms
           0.006 150 │                       │                       │                       │ accept(3) = 6 ← client3:41026
                     │                       │                       │                       │ waited 4 ms
       10  0.009 000 │                       ├── P. 1:7 ack 1 ───────┼──────────────────✗    │ lost: never arrived; 6 bytes
                     │                       │                       │                       │ "hello\\n"
      "
    `);
  });
  it('draws three hosts in 80 columns', () => {
    expect(draw(queueStory())).toMatchInlineSnapshot(`
      "
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
      "
    `);
  });
  it('ends a lost segment in a cross, and names it where it is sent again', () => {
    expect(draw(lossStory())).toMatchInlineSnapshot(`
      "
        #    seconds client1                           server
                     172.30.0.3:41022                  172.30.0.2:5000
        1  0.000 000 ├── S seq 0 ───────────── 31 µs ─►│ SYN: client1 asks to connect
        2  0.000 048 │◄─ S. seq 0 ack 1 ────── 28 µs ──┤ SYN-ACK from server’s kernel
        3  0.000 097 ├── . ack 1 ───────────── 22 µs ─►│ ACK: open; initial RTT 97 µs
          ⋮ 1.203 s  ┊                                 ┊
        4  1.203 400 ├── P. 1:9 ack 1 ────────────✗    │ lost: never arrived; 8 bytes
                     │                                 │ "bonjour\\n"
          ⋮ 203.7 ms ┊                                 ┊
        5  1.407 112 ├── P. 1:9 ack 1 ──────── 33 µs ─►│ #4 again, after 203.7 ms
        6  1.407 160 │    ✗─ . ack 9 ──────────────────┤ lost: never arrived; ACK:
                     │                                 │ server has 8 bytes
      "
    `);
  });
  it('draws in ASCII', () => {
    expect(draw(lossStory(), { unicode: false })).toMatchInlineSnapshot(`
      "
        #    seconds client1                           server
                     172.30.0.3:41022                  172.30.0.2:5000
        1  0.000 000 |-- S seq 0 ------------- 31 us ->| SYN: client1 asks to connect
        2  0.000 048 |<- S. seq 0 ack 1 ------ 28 us --| SYN-ACK from server's kernel
        3  0.000 097 |-- . ack 1 ------------- 22 us ->| ACK: open; initial RTT 97 us
          : 1.203 s  :                                 :
        4  1.203 400 |-- P. 1:9 ack 1 ------------x    | lost: never arrived; 8 bytes
                     |                                 | "bonjour\\n"
          : 203.7 ms :                                 :
        5  1.407 112 |-- P. 1:9 ack 1 -------- 33 us ->| #4 again, after 203.7 ms
        6  1.407 160 |    x- . ack 9 ------------------| lost: never arrived; ACK:
                     |                                 | server has 8 bytes
      "
    `);
    expect(draw(echoStory(), { unicode: false, language: 'fr' })).toMatch(/^[\n\x20-\x7e]*$/);
  });
  it('speaks French', () => {
    expect(draw(echoStory(), { language: 'fr' })).toMatchInlineSnapshot(`
      "
        #   secondes client1                           server
                     172.30.0.3:41022                  172.30.0.2:5000
                     │                                 │
       ▸ Le client demande une connexion ; le noyau du serveur répond avant le
         programme.
           0.000 010 │ $ client server                 │
           0.000 052 │ connect(3, server:5000) = 0     │
        1  0.000 083 ├── S seq 0 ───────────── 31 µs ─►│ SYN : client1 appelle
                     │ SYN-SENT           SYN-RECEIVED │
        2  0.000 131 │◄─ S. seq 0 ack 1 ────── 28 µs ──┤ SYN-ACK du noyau de server
                     │ ESTABLISHED                     │
        3  0.000 180 ├── . ack 1 ───────────── 22 µs ─►│ ACK : ouvert ; RTT initial
                     │                     ESTABLISHED │ 97 µs
           0.000 240 │                                 │ accept(3) = 4 ← :41022
          ⋮ 1.203 s  ┊                                 ┊
           1.203 100 │ » bonjour                       │
           1.203 380 │ write(3, "bonjour\\n") = 8       │
        4  1.203 400 ├── P. 1:9 ack 1 ──────── 33 µs ─►│ 8 octets "bonjour\\n"
        5  1.203 450 │◄─ . ack 9 ───────────── 25 µs ──┤ ACK : server a 8 octets
           1.203 480 │                                 │ read(4, "bonjour\\n") = 8
           1.203 900 │ « bonjour                       │
        6  1.300 000 ├── F. seq 9 ack 9 ────── 30 µs ─►│ FIN : client1 n’envoie plus
                     │ FIN-WAIT-1           CLOSE-WAIT │ rien
        7  1.300 050 │◄─ F. seq 9 ack 10 ───── 27 µs ──┤ FIN : server ferme aussi
                     │ TIME-WAIT              LAST-ACK │
        8  1.300 090 ├── . ack 10 ──────────── 21 µs ─►│ ACK du dernier FIN : fermé
                     │                          CLOSED │
      "
    `);
  });
  it('becomes a list where lifelines have no room', () => {
    expect(draw(lossStory(), { width: 48 })).toMatchInlineSnapshot(`
      "
      0.000000 #1 client1 > server S seq 0 (31 µs;
        SYN: client1 asks to connect)
      0.000048 #2 server > client1 S. seq 0 ack 1
        (28 µs; SYN-ACK from server’s kernel)
      0.000097 #3 client1 > server . ack 1 (22 µs;
        ACK: open; initial RTT 97 µs)
      ⋮ 1.203 s
      1.203400 #4 client1 > server P. 1:9 ack 1 (lost:
        never arrived; 8 bytes "bonjour\\n")
      ⋮ 203.7 ms
      1.407112 #5 client1 > server P. 1:9 ack 1
        (33 µs; #4 again, after 203.7 ms)
      1.407160 #6 server > client1 . ack 9 (lost:
        never arrived; ACK: server has 8 bytes)
      "
    `);
  });
  it('shows wide characters in their places and obeys no escape sequence', () => {
    expect(draw(wideStory())).toMatchInlineSnapshot(`
      "
        #    seconds client1                           server
                     172.30.0.3:41022                  172.30.0.2:5000
           0.000 000 │ » こんにちは、世界              │
        1  0.000 020 ├── P. 1:26 ack 1 ─────── 30 µs ─►│ 25 bytes "こんにちは、世界\\n"
           0.000 060 │ « ␛[2J␛[Hgone                   │
           0.000 070 │                                 │ « café 👩‍👩‍👧 日本語 日本語
                     │                                 │ 日本語 日本語
                     │                                 │ zwei
      "
    `);
  });
  it('draws loopback beside the host, with ports where a host has several', () => {
    expect(draw(loopbackStory())).toMatchInlineSnapshot(`
      "
        #    seconds server
                     172.30.0.2
        1  0.000 000 │ ↺ :36666 > :5000 S seq 0  SYN: server asks to connect
                     │ SYN-SENT, SYN-RECEIVED
        4  0.000 002 │ ↺ :36668 > :5000 S seq 0  SYN: server asks to connect
                     │ SYN-SENT, SYN-RECEIVED
        2  0.000 048 │ ↺ :5000 > :36666 S. seq 0 ack 1  SYN-ACK from server’s kernel
        5  0.000 050 │ ↺ :5000 > :36668 S. seq 0 ack 1  SYN-ACK from server’s kernel
        3  0.000 097 │ ↺ :36666 > :5000 . ack 1  ACK: open; initial RTT 97 µs
        6  0.000 099 │ ↺ :36668 > :5000 . ack 1  ACK: open; initial RTT 97 µs
      "
    `);
  });
  it('draws one conversation alone', () => {
    expect(draw(fourHostStory(), {}, 2)).toMatchInlineSnapshot(`
      "
        #    seconds client2                           server
                     172.30.0.4:41024                  172.30.0.2:5000
        4  0.001 020 ├── S seq 0 ───────────── 31 µs ─►│ SYN: client2 asks to connect
        5  0.001 068 │◄─ S. seq 0 ack 1 ────── 28 µs ──┤ SYN-ACK from server’s kernel
        6  0.001 117 ├── . ack 1 ───────────── 22 µs ─►│ ACK: open; initial RTT 97 µs
       10  0.009 000 ├── P. 1:7 ack 1 ────────────✗    │ lost: never arrived; 6 bytes
                     │                                 │ "hello\\n"
      "
    `);
  });
  it('adds colours, and nothing but colours', () => {
    const escape = String.fromCharCode(27);
    const colored = draw(lossStory(), { color: true });
    expect(colored).toContain(`${escape}[31m`);
    expect(colored.replaceAll(new RegExp(`${escape}\\[\\d+m`, 'g'), '')).toBe(draw(lossStory()));
  });
});

describe('a long ladder', () => {
  it('shows the beginning of what a program printed by the megabyte', () => {
    const story = loopbackStory();
    const at = story.run.started;
    const event = { kind: 'output', program: 'server', stream: 'stdout', at, text: 'y\n'.repeat(500_000) } as const;
    const ladder = ladderOf({ ...story, moments: [{ kind: 'event', at, event }] }, { language: 'en' });
    const [row] = ladder.rows;
    expect(JSON.stringify(row).length).toBeLessThan(2000);
    expect(JSON.stringify(row)).toContain('… 999 976 more bytes printed');
  });
  it('keeps its beginning and its end', () => {
    const whole = ladderOf(lossStory(), { language: 'en' });
    const short = windowed(whole, 3);
    expect(short.rows.map(({ kind }) => kind)).toEqual(['arrow', 'arrow', 'omitted', 'arrow']);
    expect(short.rows[2]).toMatchObject({ rows: whole.rows.length - 3 });
    expect(windowed(whole, 100)).toBe(whole);
  });
});
