// Control groups for a lab, where this user may have some: what makes a host's limits hold for the host as a whole.

import { chownSync, existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Places } from './places.ts';

/** How a keeper comes by its control groups: what is put before its command line, and behind it. */
export interface Groups {
  before: string[];
  behind: string[];
}

export const noGroups: Groups = { before: [], behind: [] };
const root = '/sys/fs/cgroup';
const wanted = ['pids', 'memory', 'cpu'];

/** The groups that a lab gets here: a scope of systemd's, or for root folders of version 1 of its own; else none. */
export function groupsFor(places: Places, lab: string): Groups {
  if (existsSync(join(root, 'cgroup.controllers'))) return scopeFor(places);
  return places.user ? foldersFor(places.user, lab) : noGroups;
}

/**
 * A scope that systemd delegates: the keeper has it for itself, and it is gone with the keeper
 * (systemd.resource-control(5), "Delegate="). Only what has no processes of its own may hand controllers on
 * (cgroups(7), "no internal processes"), so the keeper goes one down before.
 */
const inScope = `
group=${root}$(sed -n 's/^0:://p' /proc/self/cgroup)
mkdir "$group/keeper" && echo $$ >"$group/keeper/cgroup.procs"
for controller in ${wanted.join(' ')}; do echo "+$controller" >"$group/cgroup.subtree_control"; done 2>/dev/null
[ "$owner" = - ] || chown "$owner" "$group" "$group/cgroup.procs" "$group/cgroup.subtree_control" "$group/keeper/cgroup.procs"
exec "$@" "v2:$group"`;

function scopeFor({ user, session }: Places): Groups {
  const manager = user ? '/run' : session;
  if (!existsSync('/usr/bin/systemd-run') || !existsSync(join(manager ?? '', 'systemd/private'))) return noGroups;
  const owner = user ? `${user.uid}:${user.gid}` : '-';
  const scope = ['--scope', '--quiet', '--collect', '--property=Delegate=yes', '--property=TasksMax=infinity'];
  const become = user ? ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--'] : [];
  const script = ['sh', '-c', `owner=${owner}\n${inScope}`, 'sh'];
  return { before: ['systemd-run', ...(user ? [] : ['--user']), ...scope, ...script, ...become], behind: [] };
}

const place = (controller: string, lab: string): string => join(root, controller, 'labctl', lab);

/** Version 1, as Docker uses it: a folder in each controller's own hierarchy, which only root can make and give away. */
function foldersFor({ uid, gid }: NonNullable<Places['user']>, lab: string): Groups {
  const made = wanted.flatMap((controller) => {
    const folder = place(controller, lab);
    if (!existsSync(join(root, controller, 'cgroup.procs'))) return [];
    mkdirSync(folder, { recursive: true });
    for (const file of [folder, join(folder, 'cgroup.procs')]) chownSync(file, uid, gid);
    return [`${controller}=${folder}`];
  });
  return made.length === 0 ? noGroups : { before: [], behind: [`v1:${made.join(',')}`] };
}

/** The labs that have folders in those hierarchies for so long (ms), and none where labs live. */
export function groupsLeft({ user, runtime }: Places, than: number): string[] {
  if (!user) return [];
  const isOld = (folder: string) => Date.now() - statSync(folder).ctimeMs >= than;
  const labs = wanted.flatMap((controller) => {
    const parent = place(controller, '');
    if (!existsSync(parent)) return [];
    const folders = readdirSync(parent, { withFileTypes: true }).filter((one) => one.isDirectory());
    return folders
      .map(({ name }) => name)
      .filter((name) => !existsSync(join(runtime, name)) && isOld(join(parent, name)));
  });
  return [...new Set(labs)];
}

/** Removes what a lab that is gone leaves in the hierarchies of version 1; a scope is removed by systemd. */
export function removeGroups({ user }: Places, lab: string): void {
  if (!user) return;
  for (const folder of wanted.map((controller) => place(controller, lab)).filter((one) => existsSync(one))) {
    for (const host of readdirSync(folder, { withFileTypes: true }))
      if (host.isDirectory()) rmdirSync(join(folder, host.name));
    rmdirSync(folder);
  }
}
