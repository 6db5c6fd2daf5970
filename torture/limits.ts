// What a program in a host can do at most, tried: the Compose file of the lab allows 256 processes and 256 MiB of memory.

/** Python programs that ask for more than that; each prints what it got, and nothing where it was ended for it. */
export const greedy = {
  processes: `import os, signal, time
pids = []
try:
  while len(pids) < 300:
    pid = os.fork()
    if pid == 0: time.sleep(60); os._exit(0)
    pids.append(pid)
except OSError: pass
print(len(pids))
for pid in pids: os.kill(pid, signal.SIGKILL)
`,
  memory: `print(len(bytearray(b"x") * (400 << 20)))
`,
};

type Limit = keyof typeof greedy;
export const limited: Limit[] = ['processes', 'memory'];

/** Whether the limit held, by what the program printed. Throws when that is nothing that it could have printed. */
export function held(limit: Limit, printed: string): boolean {
  const got = printed.trim();
  if (limit === 'memory' && (got === '' || got === String(400 << 20))) return got === '';
  if (limit === 'processes' && /^\d+$/.test(got)) return got !== '300';
  throw new Error(`a program that asks for ${limit} printed "${got}"`);
}
