// What the rows of a look say, cell by cell, the same on a terminal and on a page.

import { endpointText } from '../model/endpoint.ts';
import type { Look, ProcessRow, SocketRow } from '../model/look.ts';
import type { Report } from '../model/report.ts';
import { counterChanges, lookBefore } from './counter-changes.ts';
import { processTree } from './process-tree.ts';
import type { Tone } from './style.ts';
import type { Cell } from './table.ts';
import type { Words } from './words.ts';

/** Sockets of the lab's own in this run; Docker's DNS is the engine's, and TIME-WAIT may be left from an earlier run. */
export function shownSockets(look: Look, { looks }: Report): { rows: SocketRow[]; earlier: number } {
  const own = look.sockets.filter(({ engineOwned }) => !engineOwned);
  const start = looks.find(({ name, host }) => name === 'start' && host === look.host);
  const old = new Set((start?.sockets ?? []).filter(({ state }) => state === 'TIME-WAIT').map(socketKey));
  const rows = own.filter((row) => row.state !== 'TIME-WAIT' || !old.has(socketKey(row)));
  return { rows, earlier: own.length - rows.length };
}

const socketKey = ({ state, local, peer, receiveQueue }: SocketRow): string =>
  `${state} ${endpointText(local)} ${endpointText(peer)} ${receiveQueue}`;

/** Nobody is named: said only where another row proves that owners can be seen, else not observable. */
export function ownerCell(row: SocketRow, look: Look, { look: words }: Words): Cell {
  if (row.owners.length > 0) return row.owners.map(({ name, pid }) => `${name} ${pid}`).join(', ');
  if (['TIME-WAIT', 'SYN-RECEIVED', 'LAST-ACK', 'FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSING'].includes(row.state))
    return { text: words.kernel, tone: 'dim' };
  const observable = row.inode === 0 && look.sockets.some(({ owners }) => owners.length > 0);
  return observable ? { text: words.noOwner, tone: 'warning' } : { text: words.ownerUnknown, tone: 'dim' };
}

/** The accept queue of a listener; else bytes that wait to be read or acknowledged. */
export function queueCell(row: SocketRow, { look: words }: Words): Cell {
  if (row.state === 'LISTEN')
    return { text: words.queued(row.receiveQueue, row.sendQueue), tone: row.receiveQueue > 0 ? 'warning' : 'plain' };
  const unread = row.receiveQueue > 0 ? [words.unread(row.receiveQueue)] : [];
  const unacknowledged = row.sendQueue > 0 ? [words.unacknowledged(row.sendQueue)] : [];
  return { text: [...unread, ...unacknowledged].join(', '), tone: 'warning' };
}

/** Open states stand out. */
export const stateTone = (state: SocketRow['state']): Tone =>
  state === 'LISTEN' || state === 'ESTABLISHED' ? 'good' : 'plain';

/** Port 0 stands for any port, as ss prints it. */
export const endText = (row: SocketRow['local']): string =>
  row.port === 0 ? `${endpointText(row).replace(/:0$/, '')}:*` : endpointText(row);

/** The state of a process, as ps prints it and in words. */
export function stateCell({ state }: ProcessRow, words: Words): Cell {
  if (state.startsWith('Z')) return { text: `Z ${words.look.zombie}`, tone: 'warning' };
  const known = words.processState[state.charAt(0) as keyof Words['processState']];
  return { text: known === undefined ? state : `${state.charAt(0)} ${known}`, tone: 'dim' };
}

/** True when there is nothing new to say: no program, and sockets and counters as at the look before. */
export function isIdle(look: Look, report: Report, words: Words): boolean {
  if (processTree(look.processes).length > 0) return false;
  const before = lookBefore(look, report.looks);
  if (counterChanges(look, before, Object.keys(words.counter)).length > 0) return false;
  const keys = (each: Look | undefined): string =>
    each ? shownSockets(each, report).rows.map(socketKey).sort().join() : '';
  return keys(look) === '' || keys(look) === keys(before);
}
