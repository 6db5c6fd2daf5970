// One run at a time in a host: a run's recorder holds a name in it, and tells whoever wants it too whose it is.

import type { Engine, Host } from '../engine/engine.ts';
import { LabError } from '../model/lab-error.ts';

/** What others are told of this run. */
export const holderText = (scenario: string): string =>
  `the run of ${scenario} by the labctl with pid ${process.pid}, which began at ${new Date().toISOString().slice(11, 19)} UTC`;

export const heldBy = (host: string, holder: string): LabError =>
  new LabError('usage', `another run is at work on this host: ${holder}`, {
    where: `host ${host}`,
    hint: 'let it end, or use a lab of another name: --lab NAME',
  });

/** See do_hold in recorder-orders.py. */
const ask = `
import socket
door = socket.socket(socket.AF_UNIX)
door.settimeout(1)
door.connect(b'\\0labctl-run')
print(door.recv(65536).decode(), end='')
`;

/** For what is to happen to a host before it is recorded. Throws LabError `usage` while a run is at work on it. */
export async function checkFree(host: Host): Promise<void> {
  const { exitCode, stdout } = await host.exec(['python3', '-I', '-S', '-c', ask]);
  if (exitCode === 0) throw heldBy(host.name, stdout);
}

/** The same for several; a host that cannot be asked has no run. */
export async function checkAllFree(engine: Engine, lab: string, hosts: readonly string[]): Promise<void> {
  const check = async (name: string) => checkFree(await engine.host(lab, name));
  const answers = await Promise.allSettled(hosts.map(check));
  for (const answer of answers)
    if (answer.status === 'rejected' && answer.reason instanceof LabError && answer.reason.kind === 'usage')
      throw answer.reason;
}
