// A program for hosts that does with sockets what it is told, and scenarios that tell it.

/** Does what it is told, a line at a time: sockets by name, answers `did N`. A pause gives ss time to see a state. */
export const actor = `
import os, socket, struct, sys, time
have, count = {}, 0
for line in sys.stdin:
    verb, *rest = line.split()
    name = rest[0] if rest else ''
    if verb == 'listen':
        have[name] = socket.socket()
        have[name].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        have[name].bind(('0.0.0.0', int(rest[1])))
        have[name].listen(int(rest[2]))
    elif verb == 'accept': have[rest[1]] = have[name].accept()[0]
    elif verb == 'connect':
        have[name] = socket.socket()
        have[name].setblocking(len(rest) < 4)
        try: have[name].connect((rest[1], int(rest[2])))
        except BlockingIOError: pass
        except OSError as error: print(error)
    elif verb == 'send': have[name].send(b'x' * int(rest[1]))
    elif verb == 'recv': have[name].recv(65536)
    elif verb == 'pause': time.sleep(float(name))
    elif verb == 'half': have[name].shutdown(socket.SHUT_WR)
    elif verb == 'close': have.pop(name).close()
    elif verb == 'abort':
        have[name].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        have.pop(name).close()
    elif verb == 'fork':
        if os.fork() == 0:
            sys.stdin.close()
            os.read(have[name].fileno(), 10)
            os._exit(0)
    count += 1
    print('did', count, flush=True)
`;

/** Lines of a scenario: what the actors are told, in order. */
export function told(lines: string): string {
  const counts = new Map<string, number>();
  const steps = lines
    .trim()
    .split('\n')
    .map((line) => {
      const [who = '', ...words] = line.trim().split(' ');
      if (who === 'wire') return `  - { wire: [${words.join(' ')}] }`;
      if (who === 'wait') return `  - { wait: { ${words.slice(1).join(' ')} }, on: ${words[0]}, within: 20s }`;
      const count = (counts.get(who) ?? 0) + 1;
      counts.set(who, count);
      return `  - { type: ${words.join(' ')}, into: ${who} }\n  - { answer: did ${count}, from: ${who}, within: 20s }`;
    });
  const start = (who: string, host: string) => `  - { start: ${who}, on: ${host}, run: python3 /work/actor.py }\n`;
  const stops = '  - { close: s }\n  - { exit: s }\n  - { close: c }\n  - { exit: c }\n';
  return `${start('s', 'server')}${start('c', 'client1')}${steps.join('\n')}\n${stops}`;
}
