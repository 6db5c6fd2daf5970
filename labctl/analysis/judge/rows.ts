// Judges `sockets` and `processes`: what the rows of a look show.

import { endpointText, sameEndpoint } from '../../model/endpoint.ts';
import type { ExpectationOf } from '../../model/expectation.ts';
import { same, type Text } from '../../model/language.ts';
import type { Look, ProcessRow, SocketRow } from '../../model/look.ts';
import { parseSocketEnd, type SocketEndPattern } from '../../model/notation.ts';
import type { Proof } from '../../model/report.ts';
import { addressesOf, type Evidence, type Finding, listed } from './evidence.ts';
import { isNamed, pidsOf } from './programs.ts';

type Wanted = ExpectationOf<'sockets'>['sockets'];

const lookAt = ({ found }: Evidence, name: string, host: string): Look | undefined =>
  found.looks.find((look) => look.name === name && look.host === host);

const noLook = (name: string, host: string): Text => ({
  en: `there was no look "${name}" at ${host}`,
  fr: `il n’y a pas eu d’observation « ${name} » sur ${host}`,
});

/** `3 children on server at three-served`: what is expected of a look. */
const atLook = (what: Text, on: string, at: string): Text => ({
  en: `${what.en} on ${on} at ${at}`,
  fr: `${what.fr} sur ${on}, observation ${at}`,
});

/** French has one of nothing, English many. */
const childrenText = (count: number): Text => ({
  en: count === 1 ? '1 child' : `${count} children`,
  fr: count < 2 ? `${count} enfant` : `${count} enfants`,
});
const zombiesText = (count: number): Text => ({
  en: count === 1 ? '1 zombie' : `${count} zombies`,
  fr: count < 2 ? `${count} zombie` : `${count} zombies`,
});
const connectionsText = (count: number): Text => ({
  en: count === 1 ? '1 connection' : `${count} connections`,
  fr: count < 2 ? `${count} connexion` : `${count} connexions`,
});

const together = (texts: readonly Text[], between: string): Text => ({
  en: texts.map(({ en }) => en).join(between),
  fr: texts.map(({ fr }) => fr).join(between),
});

function endTest(text: string | undefined, evidence: Evidence): (end: SocketRow['local']) => boolean {
  const parsed = text === undefined ? undefined : parseSocketEnd(text);
  const { host, network, address, port, wildcard }: SocketEndPattern = parsed && 'value' in parsed ? parsed.value : {};
  const addresses = host === undefined ? undefined : addressesOf(evidence, host, network);
  return (end) =>
    (address === undefined || end.address === address) &&
    (wildcard === undefined || end.address === '0.0.0.0' || end.address === '::') &&
    (addresses === undefined || addresses.has(end.address)) &&
    (port === undefined || end.port === port);
}

/** No process owns it: no file behind the socket, in a look that does show owners elsewhere. */
const isUnowned = ({ inode, owners }: SocketRow): boolean => inode === 0 && owners.length === 0;

function ownerTest(owner: string | undefined, look: Look, evidence: Evidence): (row: SocketRow) => boolean {
  if (owner === undefined) return () => true;
  if (owner === 'none') return isUnowned;
  const pids = pidsOf(owner, look.host, evidence.found);
  return ({ owners }) => owners.some(({ name, pid }) => isNamed(name, owner) || pids.has(pid));
}

function rowText({ state, local, peer, owners, receiveQueue, row }: SocketRow, { host }: Look): string {
  const ends = state === 'LISTEN' ? endpointText(local) : `${endpointText(local)} ${endpointText(peer)}`;
  const queued = state === 'LISTEN' ? ` queued ${receiveQueue}` : '';
  const owner = owners.map(({ name, pid }) => `${name} (pid ${pid})`).join(', ') || 'none';
  return `${state} ${ends}${queued} owner ${owner} [${host} socket row ${row}]`;
}

function wantedText({ state, local, peer, owner, queued, count }: Wanted): string {
  const parts = [state, local, peer, queued === undefined ? '' : `queued ${queued}`, owner ? `owner ${owner}` : ''];
  const text = parts.filter(Boolean).join(' ') || 'a socket';
  return count === undefined ? text : `${count} × ${text}`;
}

const proof = (look: Look, table: 'sockets' | 'processes', row: number): Proof => ({
  kind: 'row',
  look: look.name,
  host: look.host,
  table,
  row,
});

/** Rests of earlier runs: TIME-WAIT lasts a minute, so a row may be older than this run and none of its business. */
function isLeftover({ state, local, peer }: SocketRow, { host }: Look, evidence: Evidence): boolean {
  if (state !== 'TIME-WAIT') return false;
  const before = lookAt(evidence, 'start', host)?.sockets ?? [];
  if (!before.some((row) => sameEndpoint(row.local, local) && sameEndpoint(row.peer, peer))) return false;
  return !evidence.found.conversations.some(({ initiator, responder }) =>
    [initiator, responder].every(({ endpoint }) => sameEndpoint(endpoint, local) || sameEndpoint(endpoint, peer)),
  );
}

/** Owners are told from what ss may see; without a single owner in the look, none can be told. */
const ownersHidden = ({ owner }: Wanted, { sockets }: Look): Text | undefined =>
  owner === undefined || sockets.some(({ owners }) => owners.length > 0)
    ? undefined
    : {
        en: 'this look shows no owner of any socket',
        fr: 'cette observation ne montre le propriétaire d’aucun socket',
      };

const unreadTable = {
  sockets: { en: 'the sockets could not be read', fr: 'les sockets n’ont pas pu être lus' },
  processes: { en: 'the processes could not be read', fr: 'les processus n’ont pas pu être lus' },
};

/** An empty table of sockets is an answer; no host is without processes, so that table was not read. */
const tableGap = ({ missing = [], processes }: Look, table: 'sockets' | 'processes'): Text | undefined =>
  missing.includes(table) || (table === 'processes' && processes.length === 0) ? unreadTable[table] : undefined;

export function judgeSockets({ sockets, on, at }: ExpectationOf<'sockets'>, evidence: Evidence): Finding {
  const expected = atLook(same(wantedText(sockets)), on, at);
  const look = lookAt(evidence, at, on);
  if (!look) return { matched: false, expected, seen: same(''), proofs: [], blind: noLook(at, on) };
  const local = endTest(sockets.local, evidence);
  const peer = endTest(sockets.peer, evidence);
  const owned = ownerTest(sockets.owner, look, evidence);
  const rows = look.sockets.filter((row) => !row.engineOwned && !isLeftover(row, look, evidence));
  const about = rows.filter((row) => local(row.local) && peer(row.peer));
  const fitting = about.filter(
    (row) =>
      (sockets.state === undefined || row.state === sockets.state) &&
      (sockets.queued === undefined || (row.state === 'LISTEN' && row.receiveQueue === sockets.queued)) &&
      owned(row),
  );
  const blind = tableGap(look, 'sockets') ?? ownersHidden(sockets, look);
  const enough = sockets.count === undefined ? fitting.length > 0 : fitting.length === sockets.count;
  const shown = enough && fitting.length > 0 ? fitting : about.length > 0 ? about : rows;
  return {
    matched: enough && blind === undefined,
    expected,
    seen: listed(
      shown.map((row) => rowText(row, look)),
      { en: 'no socket', fr: 'aucun socket' },
    ),
    proofs: shown.slice(0, 8).map(({ row }) => proof(look, 'sockets', row)),
    blind,
  };
}

/** The most connections that can be given a process of their own each, out of those that hold them (Kuhn's algorithm). */
function servedApart(rows: readonly SocketRow[]): number {
  const servedBy = new Map<number, SocketRow>();
  const place = (row: SocketRow, tried: Set<number>): boolean =>
    row.owners.some(({ pid }) => {
      if (tried.has(pid)) return false;
      tried.add(pid);
      const other = servedBy.get(pid);
      if (other !== undefined && !place(other, tried)) return false;
      servedBy.set(pid, row);
      return true;
    });
  return rows.filter((row) => place(row, new Set())).length;
}

/** `ESTABLISHED … owner 12, 13`: how many connections there are, and by how many processes they are held. */
function judgeServing({ processes, on, at }: ExpectationOf<'processes'>, evidence: Evidence): Finding {
  const { serving = 0, program } = processes;
  const wanted = connectionsText(serving);
  const each = {
    en: `${wanted.en}, each held by a process of its own (${program})`,
    fr: `${wanted.fr}, tenues chacune par un processus à elle (${program})`,
  };
  const expected = atLook(each, on, at);
  const look = lookAt(evidence, at, on);
  if (!look) return { matched: false, expected, seen: same(''), proofs: [], blind: noLook(at, on) };
  const ports = new Set(look.sockets.filter(({ state }) => state === 'LISTEN').map(({ local }) => local.port));
  const rows = look.sockets.filter(({ state, local }) => state === 'ESTABLISHED' && ports.has(local.port));
  const holders = new Set(rows.flatMap(({ owners }) => owners.map(({ pid }) => pid)));
  const held = connectionsText(rows.length);
  const pids = [...holders].map((pid) => `pid ${pid}`).join(', ');
  const by = `${holders.size}${holders.size === 1 ? ' process' : ' processes'}${pids && ` (${pids})`}`;
  return {
    matched: servedApart(rows) === serving,
    expected,
    seen: {
      en: `${held.en}, held by ${by}`,
      fr: `${held.fr}, tenue${rows.length < 2 ? '' : 's'} par ${holders.size} processus${pids && ` (${pids})`}`,
    },
    proofs: rows.map(({ row }) => proof(look, 'sockets', row)),
    blind: tableGap(look, 'sockets') ?? ownersHidden({ owner: program }, look),
  };
}

const isZombie = ({ state }: ProcessRow): boolean => state.startsWith('Z');

/** The program's first process: the one whose parent is not of the program itself. */
function parentOf(program: string, look: Look, evidence: Evidence): ProcessRow | undefined {
  const pids = pidsOf(program, look.host, evidence.found);
  const own = look.processes.filter(({ name, pid }) => isNamed(name, program) || pids.has(pid));
  const ids = new Set(own.map(({ pid }) => pid));
  return own.find(({ ppid }) => !ids.has(ppid));
}

const noProcess = (program: string): Text => ({
  en: `no process ${program}`,
  fr: `aucun processus ${program}`,
});

export function judgeProcesses(expectation: ExpectationOf<'processes'>, evidence: Evidence): Finding {
  const { processes, on, at } = expectation;
  const { program, children, zombies, serving } = processes;
  if (serving !== undefined) return judgeServing(expectation, evidence);
  const counts = [
    ...(children === undefined ? [] : [childrenText(children)]),
    ...(zombies === undefined ? [] : [zombiesText(zombies)]),
  ];
  const expected = atLook(together([same(program), ...counts], ', '), on, at);
  const look = lookAt(evidence, at, on);
  if (!look) return { matched: false, expected, seen: same(''), proofs: [], blind: noLook(at, on) };
  const blind = tableGap(look, 'processes');
  const parent = parentOf(program, look, evidence);
  if (!parent) return { matched: false, expected, seen: noProcess(program), proofs: [], blind };
  const all = look.processes.filter(({ ppid }) => ppid === parent.pid);
  const dead = all.filter(isZombie).length;
  const living = all.length - dead;
  const matched = (children === undefined || children === living) && (zombies === undefined || zombies === dead);
  const pids = all.map(({ pid, state }) => `${pid}${state.startsWith('Z') ? ' Z' : ''}`).join(', ');
  const first = same(`${program} (pid ${parent.pid})`);
  const counted = together([first, childrenText(living), zombiesText(dead)], ', ');
  const seen = together([counted, same(pids && ` (pid ${pids})`)], '');
  return { matched, expected, seen, proofs: [parent, ...all].map(({ row }) => proof(look, 'processes', row)), blind };
}
