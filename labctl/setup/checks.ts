// Says what was found in words: one row per thing, and for each that is missing what to type next. Pure.

import { LabError } from '../model/lab-error.ts';
import { chooseSubnets } from '../plan/subnets.ts';
import { gibibytes, neededBytes } from './disk.ts';
import { dockerdLog } from './dockerd.ts';
import { embeddedRows } from './embedded-checks.ts';
import type { EngineAnswer } from './engine-answer.ts';
import type { Findings } from './findings.ts';
import type { Ability } from './kernel.ts';
import { limitsRow } from './limits-row.ts';
import { byHand, imageMakers, missingTestTools, testTools } from './mending.ts';
import { needOf, type Wish } from './need.ts';
import { canWait, type DoctorRow, later, ok, toDo, untried } from './rows.ts';
import { isDebianLike } from './system.ts';

export interface Advice extends Wish {
  /** How labctl can be typed here. */
  labctl: string;
}

/** All rows, in the order in which one thing needs another. */
export function rowsOf(findings: Findings, advice: Advice): DoctorRow[] {
  const need = needOf(advice, findings.engine, findings.system);
  return [
    nodeRow(findings.node),
    ...(need.docker ? docker(findings, advice) : [canWait(engineRow(findings, advice))]),
    ...embeddedRows(findings, advice).map((row) => (need.embedded ? row : canWait(row))),
    ...kernel(findings),
    ...(advice.purpose === 'tests' ? [tools(findings, advice)] : []),
  ];
}

const docker = (findings: Findings, advice: Advice): DoctorRow[] => [
  ...controlGroups(findings),
  engineRow(findings, advice),
  ...limits(findings.engine),
  ...subnets(findings.engine),
  disk(findings),
  ...baseImage(findings, advice),
];

/** True for Node 20.19 and later. */
export function isNodeNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19);
}

const nodeRow = (version: string): DoctorRow =>
  isNodeNewEnough(version)
    ? ok('Node', version)
    : toDo('Node', `${version} is too old`, 'install Node 20.19 or later, see https://nodejs.org/en/download');

/** Only worth a row where they are missing: a machine that is itself a container, or one without an init system. */
function controlGroups({ system, engine }: Findings): DoctorRow[] {
  if (system.cgroups || engine.kind === 'answers') return [];
  return [
    toDo(
      'control groups',
      'none is mounted, and no container starts without them',
      'mount them (Debian: sudo apt-get install cgroupfs-mount && sudo cgroupfs-mount), or use a real or virtual machine',
    ),
  ];
}

const engineName = 'Docker Engine';

function engineRow(findings: Findings, { labctl }: Advice): DoctorRow {
  const { engine, system } = findings;
  if (engine.kind === 'absent') return absentEngine(findings, labctl);
  if (engine.kind === 'answers')
    return ok(engineName, `${engine.podman ? 'Podman ' : ''}${engine.version}, API ${engine.api}, at ${engine.place}`);
  if (engine.kind === 'unusable')
    return toDo(engineName, engine.why, engine.hint ?? 'Docker Engine 20.10 or later is needed');
  return toDo(
    engineName,
    `runs, but ${system.user} may not use ${engine.place}`,
    'sudo usermod -aG docker $USER, then log in again (in this terminal: newgrp docker)',
  );
}

function absentEngine({ engine, system }: Findings, labctl: string): DoctorRow {
  if (!engine.usual) return toDo(engineName, `nothing answers at ${engine.place}`, 'start it, or unset DOCKER_HOST');
  const detail = system.has('dockerd') ? `is installed but does not answer at ${engine.place}` : 'is not installed';
  if (!isDebianLike(system.os)) return toDo(engineName, detail, byHand(system));
  const log = system.systemd ? 'journalctl -u docker' : dockerdLog;
  const failed =
    system.has('dockerd') && (system.systemd || system.hasFile(dockerdLog)) ? ` (why it ended: ${log})` : '';
  return toDo(engineName, detail, `${labctl} doctor --fix --engine docker${failed}`);
}

/** Only worth a row where some do not hold, as on an ordinary user's engine: then a hostile program has the machine. */
function limits(engine: EngineAnswer): DoctorRow[] {
  if (engine.kind !== 'answers' || Object.values(engine.limits).every((held) => held === 'host')) return [];
  const todo =
    'for programs that you do not trust: an engine of root’s, control groups version 2, or --engine embedded';
  return [limitsRow('limits on Docker', engine.limits, todo)];
}

/** What the largest of the lab's usual networks would need, twice. */
const needs = [
  { network: 'lab', hosts: 50 },
  { network: 'second', hosts: 50 },
];

function subnets(engine: EngineAnswer): DoctorRow[] {
  if (engine.kind !== 'answers') return [];
  try {
    const chosen = chooseSubnets(needs, engine.taken).map(({ subnet }) => subnet);
    return [ok('subnets', `free for two networks of 50 hosts: ${chosen.join(', ')}`)];
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return [toDo('subnets', error.message, error.hint ?? 'remove networks that nobody uses: docker network prune')];
  }
}

function disk({ room }: Findings): DoctorRow {
  const detail = `${gibibytes(room.free)} free for ${room.folder}`;
  if (room.free >= neededBytes) return ok('disk', detail);
  return toDo('disk', detail, `make room: images and runs want ${gibibytes(neededBytes)} (docker system prune helps)`);
}

/** What the kernel cannot do costs some lessons, not the lab: only without bridges is there no network at all. */
function kernel({ kernel: { bridge, wireRules, netem }, system }: Findings): DoctorRow[] {
  const nftables = system.has('nft')
    ? 'they need a kernel with nf_tables for bridges'
    : 'sudo apt-get install nftables, then look again';
  return [
    bridge === 'no'
      ? toDo('bridges', 'this kernel makes none', 'load the kernel’s module: sudo modprobe bridge')
      : known('bridges', bridge, 'this kernel makes them'),
    wireRules === 'no' || (wireRules === 'unknown' && !system.has('nft') && system.platform === 'linux')
      ? later(
          'loss on the wire',
          wireRules === 'no' ? 'nft rules on bridges are refused' : 'not tried without nft',
          nftables,
        )
      : known('loss on the wire', wireRules, 'nft rules on bridges work'),
    netem === 'no'
      ? ok('delay and reorder', 'not in this kernel (netem): such rules are refused')
      : known('delay and reorder', netem, 'netem works'),
  ];
}

const known = (what: string, ability: Ability, detail: string): DoctorRow =>
  ability === 'yes'
    ? ok(what, detail)
    : untried(what, 'that takes Linux with iproute2 and nftables, and leave to make namespaces');

/** Without these the image must be pulled, which works wherever the registry is in reach. */
function baseImage({ system }: Findings, { labctl }: Advice): DoctorRow[] {
  if (!isDebianLike(system.os)) return [];
  const missing = imageMakers(system);
  if (missing.length === 0) return [ok('base image', 'can be made here with mmdebstrap where none can be pulled')];
  return [
    later('base image', `can only be pulled: ${missing.join(', ')} missing`, `${labctl} doctor --fix --engine docker`),
  ];
}

function tools({ system }: Findings, { labctl }: Advice): DoctorRow {
  const missing = missingTestTools(system);
  if (missing.length === 0) return ok('test tools', testTools.map(({ program }) => program).join(', '));
  const names = missing.map(({ program }) => program).join(', ');
  const todo = isDebianLike(system.os)
    ? `${labctl} doctor --fix --for tests`
    : `install ${names} with this system's packages`;
  return toDo('test tools', `missing: ${names}`, todo);
}
