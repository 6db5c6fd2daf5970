// Tries what lab networks ask of the kernel, in a network namespace that is thrown away at once.

import { runHostProgram } from './host-program.ts';
import type { System } from './system.ts';

/** `unknown` where it could not be tried: by this user, or because the program that tries it is not installed. */
export type Ability = 'yes' | 'no' | 'unknown';

export interface KernelAbilities {
  bridge: Ability;
  /** nft rules in a table of the bridge family, with the counters and generators that loss on the wire is made of. */
  wireRules: Ability;
  netem: Ability;
}

const script = `
try() { name=$1; shift; command -v "$1" >/dev/null || { echo "$name unknown"; return; }; "$@" && echo "$name yes" || echo "$name no"; }
echo inside
try bridge ip link add labctl0 type bridge
try netem tc qdisc add dev lo root netem delay 1ms
try wireRules nft 'add table bridge labctl; add chain bridge labctl c { type filter hook forward priority 0; }; add rule bridge labctl c ip protocol tcp numgen inc mod 2 0 counter drop'
`;

/** Reads what the script printed; whatever it did not get to is unknown. */
export function parseAbilities(output: string): KernelAbilities {
  const said = new Map(
    output.split('\n').map((line): [string, string] => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']),
  );
  const answer = (name: keyof KernelAbilities): Ability => {
    const word = said.get(name);
    return word === 'yes' || word === 'no' ? word : 'unknown';
  };
  return { bridge: answer('bridge'), wireRules: answer('wireRules'), netem: answer('netem') };
}

/** Everything is unknown where there is no Linux here to try (the engine then runs in a machine of its own). */
export async function tryKernel({ platform, root, has }: System): Promise<KernelAbilities> {
  if (platform !== 'linux' || !has('unshare')) return parseAbilities('');
  // An ordinary user is root in a user namespace of his own, where the system allows that.
  const { stdout } = await runHostProgram(['unshare', ...(root ? ['-n'] : ['-rn']), 'sh', '-c', script], {
    environment: { PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` },
  });
  return parseAbilities(stdout);
}
