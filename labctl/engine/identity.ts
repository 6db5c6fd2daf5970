// Who a process of this machine is, beyond its number: that is given again, at the latest after a reboot.

import { readFileSync } from 'node:fs';

export interface Identity {
  pid: number;
  /** In ticks since the boot (proc_pid_stat(5), field 22). */
  startTime: string;
  bootId: string;
}

/** Undefined where no such process lives (a zombie is gone: all that is left of it is its exit code), or without /proc. */
export function identityOf(pid: number): Identity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined;
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return { pid, startTime: fields[19] ?? '', bootId };
  } catch {
    return undefined;
  }
}

const startOf = (pid: number): string => identityOf(pid)?.startTime ?? '0';

/** This process as one word, for labels: its number, and when it began. */
export const owner = (): string => `${process.pid}-${startOf(process.pid)}`;

/** Whether the process of that word still lives; where there is no /proc, every one does. */
export function ownerLives(word: string): boolean {
  const [pid, started] = word.split('-');
  return startOf(Number(pid)) === started;
}

/** Whether that very process still lives. */
export function isAlive({ pid, startTime, bootId }: Identity): boolean {
  const now = identityOf(pid);
  return now?.startTime === startTime && now.bootId === bootId;
}
