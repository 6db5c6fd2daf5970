// Control groups for a lab, where this user may have some: what makes a host's limits hold for the host as a whole.

import { chownSync, existsSync, mkdirSync, readdirSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
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

const isSecond = (): boolean => existsSync(join(root, 'cgroup.controllers'));

/** The groups that a lab gets here: a scope of systemd's, or for root folders of its own; else none. */
export function groupsFor(places: Places, lab: string): Groups {
  if (isSecond() && existsSync('/run/systemd/system')) return scopeFor(places);
  if (!places.user) return noGroups;
  return isSecond() ? folderFor(places.user, lab) : foldersFor(places.user, lab);
}

/**
 * The keeper has a group for itself, the lab's user owns it. Only what has no processes of its own may hand controllers on
 * (cgroups(7), "no internal processes"), so the keeper goes one down before.
 */
const inGroup = `
mkdir -p "$group/keeper" && echo $$ >"$group/keeper/cgroup.procs"
for controller in ${wanted.join(' ')}; do echo "+$controller" >"$group/cgroup.subtree_control"; done 2>/dev/null
[ "$owner" = - ] || chown "$owner" "$group" "$group/cgroup.procs" "$group/cgroup.subtree_control" "$group/keeper/cgroup.procs"
exec "$@" "v2:$group"`;

/** A scope that systemd delegates is gone with the keeper (systemd.resource-control(5), "Delegate="). */
function scopeFor({ user, session }: Places): Groups {
  const manager = user ? '/run' : session;
  if (!existsSync('/usr/bin/systemd-run') || !existsSync(join(manager ?? '', 'systemd/private'))) return noGroups;
  const scope = ['--scope', '--quiet', '--collect', '--property=Delegate=yes', '--property=TasksMax=infinity'];
  const entering = enter(`${root}$(sed -n 's/^0:://p' /proc/self/cgroup)`, user);
  return { before: ['systemd-run', ...(user ? [] : ['--user']), ...scope, ...entering], behind: [] };
}

/** `group` as the shell has it. */
function enter(group: string, user: Places['user']): string[] {
  const owner = user ? `${user.uid}:${user.gid}` : '-';
  const become = user ? ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--'] : [];
  return ['sh', '-c', `group=${group}\nowner=${owner}\n${inGroup}`, 'sh', ...become];
}

/** Version 2 where systemd is not in charge of it: a folder in its one hierarchy, for which each above hands controllers on. */
function folderFor(user: NonNullable<Places['user']>, lab: string): Groups {
  try {
    mkdirSync(place('', lab), { recursive: true });
    for (const parent of [root, place('', '')])
      writeFileSync(join(parent, 'cgroup.subtree_control'), wanted.map((controller) => `+${controller}`).join(' '));
    return { before: enter(place('', lab), user), behind: [] };
  } catch {
    return noGroups; // As in a container, whose hierarchy may only be read, or has processes at its top.
  }
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

/** Where labs have folders of their own: version 2 is one hierarchy. */
const hierarchies = (): string[] => (isSecond() ? [''] : wanted);

/** The labs that have folders there for so long (ms), and none where labs live. */
export function groupsLeft({ user, runtime }: Places, than: number): string[] {
  if (!user) return [];
  const isOld = (folder: string) => Date.now() - statSync(folder).ctimeMs >= than;
  const labs = hierarchies().flatMap((controller) => {
    const parent = place(controller, '');
    if (!existsSync(parent)) return [];
    const folders = readdirSync(parent, { withFileTypes: true }).filter((one) => one.isDirectory());
    return folders
      .map(({ name }) => name)
      .filter((name) => !existsSync(join(runtime, name)) && isOld(join(parent, name)));
  });
  return [...new Set(labs)];
}

/** Removes what a lab that is gone leaves in those hierarchies; a scope is removed by systemd. */
export function removeGroups({ user }: Places, lab: string): void {
  if (!user) return;
  const folders = hierarchies().map((controller) => place(controller, lab));
  for (const folder of folders.filter((one) => existsSync(one))) {
    for (const host of readdirSync(folder, { withFileTypes: true }))
      if (host.isDirectory()) rmdirSync(join(folder, host.name));
    rmdirSync(folder);
  }
}
