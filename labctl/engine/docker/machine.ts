// A short program beside the bridges of the machine that Docker runs on, with the right to change its network and no other.

import { LabError } from '../../model/lab-error.ts';
import type { Api } from './api.ts';
import { baseImage } from './image-store.ts';

/** What a helper on the machine's network may do, whoever starts it. */
export const onMachine = {
  NetworkMode: 'host',
  // An engine that remaps users shares the machine's network with nobody else.
  UsernsMode: 'host',
  CapDrop: ['ALL'],
  CapAdd: ['NET_ADMIN'],
  SecurityOpt: ['no-new-privileges:true'],
  ReadonlyRootfs: true,
  PidsLimit: 32,
  Memory: 64 * 1024 * 1024,
};

/** Runs it to its end. Throws LabError `engine` when it fails. */
export async function runOnMachine(api: Api, argv: readonly string[]): Promise<void> {
  const [entry = '', ...rest] = argv;
  const body = { Image: baseImage, Entrypoint: [entry], Cmd: rest, HostConfig: onMachine };
  const { Id } = await api.call<{ Id: string }>('POST', '/containers/create', { body });
  try {
    await api.call('POST', `/containers/${Id}/start`);
    const { StatusCode } = await api.call<{ StatusCode: number }>('POST', `/containers/${Id}/wait`);
    if (StatusCode !== 0) throw new LabError('engine', `${entry} on the machine's network ended with ${StatusCode}`);
  } finally {
    await api.call('DELETE', `/containers/${Id}`, { query: { force: '1', v: '1' } }).catch(() => undefined);
  }
}
