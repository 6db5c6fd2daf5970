// A short program beside the bridges of the machine that Docker runs on, with the right to change its network and no other.

import { LabError } from '../../model/lab-error.ts';
import type { Api } from './api.ts';
import { isRefusal } from './errors.ts';
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

/**
 * Runs it to its end. Images that were carried into a room come without the base; then `image`, a host's own, is what it is
 * made of. Throws LabError `engine` when it fails.
 */
export async function runOnMachine(api: Api, image: string, argv: readonly string[]): Promise<void> {
  const [entry = '', ...rest] = argv;
  const create = (Image: string) => {
    const body = { Image, Entrypoint: [entry], Cmd: rest, HostConfig: onMachine };
    return api.call<{ Id: string }>('POST', '/containers/create', { body });
  };
  const { Id } = await create(baseImage).catch((error: unknown) => {
    if (isRefusal(error, 404)) return create(image);
    throw error;
  });
  try {
    await api.call('POST', `/containers/${Id}/start`);
    const { StatusCode } = await api.call<{ StatusCode: number }>('POST', `/containers/${Id}/wait`);
    if (StatusCode !== 0) throw new LabError('engine', `${entry} on the machine's network ended with ${StatusCode}`);
  } finally {
    await api.call('DELETE', `/containers/${Id}`, { query: { force: '1', v: '1' } }).catch(() => undefined);
  }
}
