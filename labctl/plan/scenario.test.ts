import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Lab } from '../model/lab.ts';
import { programFacts } from '../model/lesson.ts';
import type { Scenario } from '../model/scenario.ts';
import { packageRoot } from '../root.ts';
import { complaintsText } from './bad-files.ts';
import { readCompose } from './compose.ts';
import { readScenario } from './scenario.ts';

const labOf = (text: string): Lab => readCompose(text, '/srv/lab/docker-compose.yml');
const lab = labOf(`
services:
  server: {image: x, networks: [lab, office]}
  client1: {image: x, networks: [lab]}
  client2: {image: x, networks: [lab]}
networks: {lab: , office: }
`);

/** Four lines of head, so that the first step stands at line 5. */
const head = 'title: {en: a, fr: b}\nabout: {en: a, fr: b}\nhosts: [server, client1]\nsteps:\n';
const go = '  - start: srv\n    on: server\n    run: server\n';
const say = 'say: {en: a, fr: b}';
const complaints = (text: string): string => complaintsText(() => readScenario(text, '/srv/lab/s.yml', lab, 's.yml'));

describe("labctl's own scenarios", () => {
  const file = join(packageRoot, 'docker-compose.yml');
  const own = readCompose(readFileSync(file, 'utf8'), file);
  const folder = join(packageRoot, 'scenarios');
  const read = (name: string): Scenario => readScenario(readFileSync(join(folder, name), 'utf8'), name, own);

  it.each(readdirSync(folder))('%s is read without complaint', (name) => {
    const scenario = read(name);
    expect(`${scenario.name}.yml`).toBe(name);
    expect(scenario.expect.length).toBeGreaterThan(0);
    expect(scenario.lesson?.length).toBeGreaterThan(0);
  });

  it("ask the handout's questions, word for word", () => {
    const asked = ['first-client', 'second-client', 'many-clients'].flatMap((name) =>
      read(`${name}.yml`)
        .lesson?.slice(0, 2)
        .map(({ ask }) => ask.fr),
    );
    expect(asked).toEqual([
      'Que constatez-vous ?',
      'Comprenez-vous pourquoi les numéros de ports changent à chaque fois ?',
      'Que se passe-t-il ?',
      'Comprenez-vous pourquoi ?',
      'Cela fonctionne-t-il ?',
      'Voyez-vous les différents processus dans htop ?',
    ]);
  });
});

describe('a scenario', () => {
  it('is read into values, with the place of each step', () => {
    const scenario = readScenario(
      `${head}${go}    until: { listens: 5000 }\n    within: 2s\n  - look: client1\n  - silence: 250ms\n    from: srv\n`,
      '/srv/lab/calm.yml',
      lab,
      'calm.yml',
    );
    expect(scenario).toMatchObject({
      name: 'calm',
      file: '/srv/lab/calm.yml',
      hosts: ['server', 'client1'],
      expect: [],
    });
    expect(scenario.steps).toEqual([
      {
        verb: 'start',
        place: { file: 'calm.yml', line: 5, col: 5 },
        start: 'srv',
        on: 'server',
        run: ['server'],
        until: { listens: 5000 },
        within: 2000,
      },
      { verb: 'look', place: { file: 'calm.yml', line: 10, col: 5 }, look: ['client1'] },
      { verb: 'silence', place: { file: 'calm.yml', line: 11, col: 5 }, silence: 250, from: 'srv' },
    ]);
  });
});

const stepNames =
  '\n    steps: start, type, answer, silence, look, close, half-close, signal, pause, resume, stop, exit, children, wait, wire, repeat, parallel';

describe('a wrong step is said with its place', () => {
  it.each([
    ['  - strat: srv\n    on: server', `s.yml:5:5  unknown step "strat": did you mean "start"?${stepNames}`],
    ['  - on: server\n    opens: door', `s.yml:6:5  unknown step "opens"${stepNames}`],
    ['  - name: x', `s.yml:5:5  this step says nothing to do${stepNames}`],
    ['  - look', `s.yml:5:5  a step must be a map, not the text "look"${stepNames}`],
    ['  - close: a\n    stop: a', 's.yml:6:5  one step says "close" and "stop": make them two'],
    ['  - start: srv\n    run: server', 's.yml:5:5  "on" is missing in step "start"'],
    [
      `${go}    untill: {listens: 1}`,
      's.yml:8:5  unknown key "untill": did you mean "until"?\n    keys here: name, say, only, start, on, run, role, until, trace, within',
    ],
    [
      `${go}    until: {listen: 5000}`,
      's.yml:8:13  unknown key "listen": did you mean "listens"?\n    keys here: listens, connected, prints',
    ],
    [`${go}    until: {listens: abc}`, 's.yml:8:22  "listens" must be a number, not the text "abc"'],
    [`${go}    until: {listens: 1, prints: a}`, 's.yml:8:12  "until" takes exactly one of listens, connected, prints'],
    [`${go}    until: [1]`, 's.yml:8:12  "until" must be a map, not a list'],
    [`${go}    within: 5`, 's.yml:8:13  "within" must be text, not the number 5'],
    [
      `${go}    within: 5 seconds`,
      's.yml:8:13  "within" is the text "5 seconds": a duration is a number with ms, s or m, such as 500ms or 2s',
    ],
    [`${go}    say: hello`, 's.yml:8:10  "say" must be a map, not the text "hello"'],
    [
      '  - start: Srv\n    on: server\n    run: server',
      's.yml:5:12  "start" is the text "Srv": a name is lower-case letters, digits and dashes, and begins with a letter',
    ],
    ['  - start: srv\n    on: server\n    run: ""', 's.yml:7:5  "run" must not be empty'],
    ['  - wait: {port: 70000}\n    on: server', 's.yml:5:18  "port" must be at most 65535'],
    [
      `${go}  - stop: srv\n    signal: SIGTERM`,
      's.yml:9:13  "signal" must be one of TERM, INT, HUP, QUIT, KILL, USR1, USR2, STOP, CONT, not the text "SIGTERM"',
    ],
    [
      '  - start: srv\n    on: sever\n    run: server',
      's.yml:6:9  unknown host "sever": did you mean "server"?\n    hosts of the lab: server, client1, client2',
    ],
    ['  - look: [server, client2]', 's.yml:5:20  host "client2" takes no part\n    add it to hosts (line 3)'],
    [`  - close: srv\n${go}`, 's.yml:5:12  program "srv" is used before it is started at line 6'],
    [`${go}  - close: srw`, 's.yml:8:12  unknown program "srw": did you mean "srv"?\n    programs: srv'],
    [`${go}${go}`, 's.yml:8:12  program "srv" stands at line 5 already'],
    [`${go}  - stop: srv\n  - type: x\n    into: srv`, 's.yml:10:11  program "srv" has ended at line 8'],
    [`${go}  - stop: srv\n  - signal: srv\n    send: HUP`, 's.yml:9:13  program "srv" has ended at line 8'],
    [
      '  - pause: sever',
      's.yml:5:12  unknown host "sever": did you mean "server"?\n    hosts of the lab: server, client1, client2',
    ],
    ['  - pause: server\n  - pause: server', 's.yml:6:12  host "server" is paused since line 5'],
    ['  - resume: server', 's.yml:5:13  host "server" is not paused here'],
    [`  - pause: server\n${go}`, 's.yml:7:9  host "server" is paused since line 5'],
    [`${go}  - pause: server\n  - answer: a\n    from: srv`, 's.yml:10:11  host "server" is paused since line 8'],
    [
      '  - start: srv\n    on: server\n    run: server --bind {server@lab/ipv6}',
      's.yml:7:10  network "lab" has no IPv6\n    in the Compose file: enable_ipv6: true',
    ],
    [`${go}  - signal: srv`, 's.yml:8:5  "send" is missing in step "signal"'],
    [`${go}  - half-close: srv\n  - close: srv`, 's.yml:9:12  the input of "srv" was closed at line 8'],
    [
      `${go}  - answer: { matches: "a(b" }\n    from: srv`,
      's.yml:8:24  "matches" cannot be used: this is no pattern: /a(b/u: Unterminated group',
    ],
    [`${go}  - answer: [a]\n    from: srv`, 's.yml:8:13  "answer" must be text or a map, not a list'],
    [`${go}  - close: srv\n  - type: x\n    into: srv`, 's.yml:10:11  the input of "srv" was closed at line 8'],
    [
      '  - start: srv\n    on: server\n    run: server --bind {server@ofice}',
      's.yml:7:10  "server" is on no network "ofice": did you mean "office"?\n    its networks: lab, office, loopback',
    ],
    ['  - name: end\n    look: server', 's.yml:5:11  the name "end" is kept for the look that every run takes'],
    ['  - name: a\n    look: server\n  - name: a\n    look: server', 's.yml:7:11  step "a" stands at line 5 already'],
  ])('case %#: %j', (steps, text) => expect(complaints(head + steps)).toBe(text));
});

describe('a wrong expectation is said with its place', () => {
  const expecting = (fields: string): string => `${head}${go}expect:\n  - id: a\n    ${say}\n    ${fields}\n`;
  const kinds =
    '\n    expectations: segments, packets, ports, calls, sockets, processes, dropped, counter, returned, output, states, queue';
  it.each([
    ['segmnts: []', `s.yml:11:5  unknown expectation "segmnts": did you mean "segments"?${kinds}`],
    [
      'segments: [client1 -> server S]',
      's.yml:11:16  a packet is written like "client1 > server.5000 S", "server.5000 > client1 P. length >0" or "client1 > server.5000 UDP"',
    ],
    [
      'segments: [client1 > server S, client1 > sever S]',
      's.yml:11:36  unknown host "sever": did you mean "server"?\n    hosts of the lab: server, client1, client2',
    ],
    ['segments: [client1 > server.5000 .S]', 's.yml:11:16  flags ".S" are written "S." by tcpdump'],
    [
      'segments: [client1@office > server S]',
      's.yml:11:16  "client1" is on no network "office"\n    its networks: lab, loopback',
    ],
    [
      'segments: [server@loopback > server@loopback S]',
      's.yml:11:16  the loopback of "server" is not recorded\n    add: loopback: [server]',
    ],
    [
      'calls: [accept, Bind]\n    by: srv',
      's.yml:11:21  a call is written like "accept", "bind(0.0.0.0:5000) = 0" or "connect = ECONNREFUSED"',
    ],
    ['calls: [accept]\n    by: sv', 's.yml:12:9  unknown program "sv": did you mean "srv"?\n    programs: srv'],
    [
      'sockets: {local: server}\n    on: server\n    at: nope',
      's.yml:11:22  "server" has no port: write server:5000 or server:*\ns.yml:13:9  no look is named "nope"\n    looks: start, end',
    ],
    [
      'sockets: {state: LISTENING}\n    on: server\n    at: end',
      's.yml:11:22  "state" must be one of LISTEN, SYN-SENT, SYN-RECEIVED, ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2, CLOSE-WAIT, CLOSING, LAST-ACK, TIME-WAIT, not the text "LISTENING": did you mean "LISTEN"?',
    ],
    ['ports: same\n    of: srv', 's.yml:12:9  "same" compares the ports of two programs or more'],
    ['segments: [client1 > server UDP]', 's.yml:11:16  UDP has no segments\n    write packets: in place of segments:'],
    [
      'packets: ["+1s client1 > server UDP", "ARP, Request who-has sever tell client1"]',
      's.yml:11:15  no packet stands before the first one, so no time has passed\ns.yml:11:43  unknown host "sever": did you mean "server"?\n    hosts of the lab: server, client1, client2',
    ],
    ['ports: {in: 6-5}\n    of: srv', 's.yml:11:17  "in" must be two ports between 1 and 65535, the lower one first'],
    [
      'segments: ["* > * R"]\n    count: few',
      's.yml:12:12  "count" is the text "few": a count is a number, or a text like "at least 2", "at most 2" or "2-4"',
    ],
    ['segments: ["* > * R", "* > * F"]\n    count: 2', 's.yml:12:5  "count" counts one thing, not a list of 2'],
    [
      'calls: [accept]\n    by: srv\n    count: 2\n    absent: true',
      's.yml:13:5  "count" and "absent" do not go together\n    that there is none: count: 0',
    ],
    [
      'output: {matches: "(a+)+"}\n    of: srv',
      's.yml:11:23  "matches" cannot be used: a group in a pattern may be optional "( )?" but not repeated',
    ],
    [
      'states: [ESTABLISHED, CLOSE_WAIT]\n    of: srv',
      's.yml:11:27  unknown state "CLOSE_WAIT"; states: LISTEN, SYN-SENT, SYN-RECEIVED, ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2, CLOSE-WAIT, CLOSING, LAST-ACK, TIME-WAIT, CLOSED, UNCONN',
    ],
    [
      'states: ["ESTABLISHED, owner sv"]\n    of: srv',
      's.yml:11:14  unknown program "sv": did you mean "srv"?\n    programs: srv',
    ],
    ['states: [LISTEN]\n    on: server', 's.yml:9:5  whose states? Say "of", or "on" and "port"'],
    ['states: [LISTEN, CLOSED]\n    of: srv\n    at: end', 's.yml:13:9  a socket is in one state "at" an instant'],
    [
      'queue: at least 1\n    on: server\n    port: 5000\n    at: ned',
      's.yml:14:9  no look or step is named "ned": did you mean "end"?\n    looks and named steps: start, end',
    ],
    ['output: x\n    of: srv\n    after: later', 's.yml:13:12  no step is named "later"\n    no step has a name'],
    [
      `output: x\n    of: srv\n  - id: a\n    ${say}\n    output: y\n    of: srv`,
      's.yml:13:9  expectation "a" stands at line 9 already',
    ],
  ])('case %#: %j', (fields, text) => expect(complaints(expecting(fields))).toBe(text));

  it('looks must have been at the host, and time must pass between after and before', () => {
    const steps = '  - name: one\n    look: server\n  - name: two\n    look: client1\n';
    const text = `${head}${steps}expect:\n  - id: a\n    ${say}\n    processes: {program: x}\n    on: client1\n    at: one\n  - id: b\n    ${say}\n    segments: ["* > * R"]\n    after: two\n    before: one\n`;
    expect(complaints(text)).toBe(
      's.yml:13:9  the look "one" is not at "client1"\n    it is at server\ns.yml:19:13  nothing lies after "two" and before "one"',
    );
  });

  it('calls of an untraced program are not there to be seen', () => {
    const text = `${head}${go}    trace: false\nexpect:\n  - id: a\n    ${say}\n    calls: [accept]\n    by: srv\n`;
    expect(complaints(text)).toBe('s.yml:13:9  "srv" runs with trace: false, so its calls are not recorded');
  });
});

const allFacts = Object.keys(programFacts)
  .map((fact) => `{PROGRAM.${fact}}`)
  .join(', ');

describe('the frame of a scenario', () => {
  it.each([
    ['hello', 's.yml:1:1  must be a map, not the text "hello"'],
    [
      'title: {en: a}\nhosts: server\n',
      's.yml:1:1  "about" is missing\ns.yml:1:1  "steps" is missing\ns.yml:1:8  "fr" is missing in "title"\ns.yml:2:8  "hosts" must be a list, not the text "server"',
    ],
    [head.replace('steps:\n', 'steps: []\n'), 's.yml:4:8  "steps" must not be empty'],
    [
      `${head}${go}expects: []\n`,
      's.yml:8:1  unknown key "expects": did you mean "expect"?\n    keys here: title, about, lab, programs, hosts, sysctls, wire, loopback, measure, steps, expect, tables, lesson',
    ],
    [`${head}${go}tables: [{calls: x}]\n`, 's.yml:8:18  unknown program "x"\n    programs: srv'],
    [
      `${head}${go}lesson: [{ask: {en: a, fr: b}, answer: {en: "{srv.prot}", fr: "{port-rang} {srv.port}"}}]\n`,
      `s.yml:8:45  a program has no "prot": did you mean "port"?\n    write one of ${allFacts}\ns.yml:8:63  nothing can be put in for {port-rang}: did you mean "port-range"?\n    write ${allFacts} or {port-range}`,
    ],
  ])('%j', (text, complaint) => expect(complaints(text)).toBe(complaint));

  it('lets a run decide what was predicted, and names what could not be decided', () => {
    const expected = `expect: [{id: open, ${say}, output: x, of: srv}]\n`;
    const asking = (more: string): string =>
      `${head}${go}${expected}lesson: [{ask: {en: a, fr: b}, ${more}, answer: {en: a, fr: b}}]\n`;
    expect(complaints(asking(`predict: [{${say}, if: opne}, {${say}}], evidence: [open, shut]`))).toBe(
      's.yml:9:68  no expectation is named "opne": did you mean "open"?\ns.yml:9:109  no expectation is named "shut"',
    );
    expect(complaints(asking(`predict: [{${say}}, {${say}}]`))).toBe(
      's.yml:9:41  no run could decide this prediction\n    add to the right choice: if: EXPECTATION',
    );
    expect(complaints(asking(`hints: [], predict: [{${say}, if: open}]`))).toBe(
      's.yml:9:39  "hints" must not be empty\ns.yml:9:52  "predict" must have 2 entries or more',
    );
  });

  it('shows the first twenty of many complaints', () => {
    const lines = complaints(head + '  - look: nobody\n'.repeat(30))
      .split('\n')
      .filter((line) => line.startsWith('s.yml'));
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('s.yml:25:11  and 10 more');
  });
});

describe('a wrong rule of the wire is said with its place', () => {
  const rule = (text: string): string => `${head}${go}  - wire: [{ ${text} }]`;
  it.each([
    [
      rule('dropp: syn, rule: r'),
      's.yml:8:14  unknown rule "dropp": did you mean "drop"?\n    rules: drop, cut, rate, delay, heal, remove',
    ],
    [
      rule('drop: sin, rule: r'),
      's.yml:8:20  "drop" must be one of packet, syn, syn-ack, data, ack, fin, rst, udp, not the text "sin": did you mean "fin"?',
    ],
    [rule('drop: syn'), 's.yml:8:12  "rule" is missing in rule "drop"'],
    [
      rule('drop: syn, rule: r, from: klient1'),
      's.yml:8:40  unknown host "klient1": did you mean "client1"?\n    hosts of the lab: server, client1, client2',
    ],
    [
      rule('drop: syn, rule: r, from: client2'),
      's.yml:8:40  host "client2" takes no part\n    add it to hosts (line 3)',
    ],
    [
      rule('drop: syn, rule: r, to: client1@office'),
      's.yml:8:38  "client1" is on no network "office"\n    its networks: lab, loopback',
    ],
    [rule('drop: syn, rule: r, to: server@loopback'), 's.yml:8:38  what a host says to itself is on no wire'],
    [
      rule('drop: syn, rule: r, from: client1, to: client1@lab'),
      's.yml:8:53  "client1" and "client1@lab" are one host\n    name two hosts',
    ],
    [
      rule('drop: syn, rule: r, from: client1, to: server@office'),
      's.yml:8:53  "client1" and "server@office" share no network: nothing passes between them',
    ],
    [rule('drop: data, rule: r, nth: 0'), 's.yml:8:40  "nth" must be at least 1'],
    [rule('drop: data, rule: r, nth: [1, 0]'), 's.yml:8:44  "nth" must be at least 1'],
    [rule('drop: data, rule: r, nth: third'), 's.yml:8:40  "nth" must be a number or a list, not the text "third"'],
    [rule('drop: data, rule: r, every: 1'), 's.yml:8:42  "every" must be at least 2'],
    [rule('drop: data, rule: r, random: { percent: 120, seed: 7 }'), 's.yml:8:54  "percent" must be at most 100'],
    [rule('drop: data, rule: r, random: { percent: 20 }'), 's.yml:8:43  "seed" is missing in "random"'],
    [rule('drop: data, rule: r, nth: 1, every: 4'), 's.yml:8:43  one rule says "nth" and "every": make them two'],
    [
      rule('rate: 1 gbit, rule: r, to: server'),
      's.yml:8:20  "rate" is the text "1 gbit": a rate is a number with kbit or mbit, such as 500kbit',
    ],
    [rule('cut: client1 }, { cut: [client1, server]'), 's.yml:8:37  what is cut at line 8 already'],
    [
      rule('cut: [client1, server] }, { cut: [server, client1]'),
      's.yml:8:47  rule "cut-client1-server" stands at line 8 already',
    ],
    [rule('heal: client1'), 's.yml:8:20  nothing is cut there\n    no rule holds here'],
    [
      rule('drop: syn, rule: one }, { remove: on'),
      's.yml:8:48  no rule "on" holds here: did you mean "one"?\n    rules that hold here: one',
    ],
    [
      rule('rate: 1mbit, rule: a, to: server }, { delay: 5ms, rule: b, to: server@lab'),
      's.yml:8:59  a queue towards that host stands at line 8 already',
    ],
    [`wire: [{ heal: client1 }]\n${head}${go}`, 's.yml:1:10  unknown rule "heal"\n    rules: drop, cut, rate, delay'],
    [
      `sysctls: { klient1: { net.ipv4.tcp_retries2: 3 } }\n${head}${go}`,
      's.yml:1:21  unknown host "klient1": did you mean "client1"?\n    hosts of the lab: server, client1, client2',
    ],
    [
      `programs: { klient1: a.c }\n${head}${go}`,
      's.yml:1:22  unknown host "klient1": did you mean "client1"?\n    hosts of the lab: server, client1, client2',
    ],
    [
      `sysctls: { client1: { kernel.panic: 3 } }\n${head}${go}`,
      's.yml:1:23  "kernel.panic": a host has kernel settings of its own for its network only: net.ipv4.…',
    ],
  ])('case %#: %j', (text, complaint) => expect(complaints(text)).toBe(complaint));

  it('expectations name rules that drop, and looks that counters are read at', () => {
    const rules = 'wire: [{ drop: syn, rule: one }, { rate: 1mbit, rule: slow, to: server }]\n';
    const expecting = (text: string): string => complaints(`${rules}${head}${go}expect: [{ id: a, ${say}, ${text} }]`);
    expect(expecting('dropped: 1, by: one')).toBe('no complaint');
    expect(expecting('dropped: 1, by: slow')).toBe('s.yml:9:56  unknown rule "slow"\n    rules that drop: one');
    expect(expecting('counter: tcpTimeouts, grows: 1, on: client1, at: end')).toBe(
      's.yml:9:49  "counter" is the text "tcpTimeouts": a kernel counter is named as nstat does, such as TcpExtTCPLossProbes',
    );
    expect(expecting('counter: TcpExtTCPTimeouts, grows: 1, on: client1, at: end, since: middle')).toBe(
      's.yml:9:107  no look is named "middle"\n    looks: start, end',
    );
  });

  it('cut, healed and cut again is right', () => {
    expect(complaints(rule('cut: client1 }, { heal: client1 }, { cut: client1, rule: again }, { remove: again'))).toBe(
      'no complaint',
    );
  });
});
