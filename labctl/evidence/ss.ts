// Reads the socket table that `ss -HOantupeimo` prints.

import type { SocketRow, SocketState } from '../model/look.ts';
import { parseEndpoint } from './address-text.ts';
import { badLine } from './bad-line.ts';

/** The names of iproute2 (misc/ss.c, sstate_name) → those of RFC 9293. */
const states: Readonly<Record<string, SocketState>> = {
  LISTEN: 'LISTEN',
  'SYN-SENT': 'SYN-SENT',
  'SYN-RECV': 'SYN-RECEIVED',
  ESTAB: 'ESTABLISHED',
  'FIN-WAIT-1': 'FIN-WAIT-1',
  'FIN-WAIT-2': 'FIN-WAIT-2',
  'CLOSE-WAIT': 'CLOSE-WAIT',
  CLOSING: 'CLOSING',
  'LAST-ACK': 'LAST-ACK',
  'TIME-WAIT': 'TIME-WAIT',
  UNCONN: 'UNCONN',
  CLOSED: 'CLOSED',
};

/** Docker's own resolver listens here inside every container of a user-defined network. */
export const dockerResolver = '127.0.0.11';

const rowShape = /^(\S+)\s+(\S+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s*(.*)$/;
// Names may hold quotes, brackets and commas, so an owner ends only where `",pid=N,fd=N)` does.
const ownerShape = /\("(.*?)",pid=(\d+),fd=(\d+)\)/g;

function owners(rest: string): SocketRow['owners'] {
  const found = rest.startsWith('users:(') ? rest.slice('users:('.length).matchAll(ownerShape) : [];
  return [...found].map(([, name = '', pid, fd]) => ({ name, pid: Number(pid), fd: Number(fd) }));
}

/** The fields after the owners: a program's name cannot pretend to be one of them. */
const fieldsOf = (rest: string): string => rest.replace(/^users:\(.*",pid=\d+,fd=\d+\)\)/, '');

const numberIn = (fields: string, name: string): number =>
  Number(new RegExp(`(?:^|\\s)${name}:(\\d+)`).exec(fields)?.[1] ?? 0);

function parseRow(line: string, row: number): SocketRow | undefined {
  const [, netid, stateName = '', receive, send, localText = '', peerText = '', rest = ''] = rowShape.exec(line) ?? [];
  if (netid !== undefined && netid !== 'tcp' && netid !== 'udp') return undefined;
  const state = netid === 'udp' && stateName === 'CLOSE' ? 'UNCONN' : states[stateName];
  const local = parseEndpoint(localText);
  const peer = parseEndpoint(peerText);
  if (!netid || !state || !local || !peer) throw badLine('ss', row, line);
  const fields = fieldsOf(rest);
  const timer = /(?:^|\s)timer:\(([^)]*)\)/.exec(fields)?.[1];
  return {
    row,
    protocol: netid,
    state,
    receiveQueue: Number(receive),
    sendQueue: Number(send),
    local,
    peer,
    inode: numberIn(fields, 'ino'),
    uid: numberIn(fields, 'uid'),
    owners: owners(rest),
    ...(timer === undefined ? {} : { timer }),
    engineOwned: local.address === dockerResolver,
  };
}

/** One row a line, numbered by line; other socket families are left out. Throws LabError for a line that is no ss row. */
export const parseSockets = (text: string): SocketRow[] =>
  text.split('\n').flatMap((line, i) => {
    const row = line.trim() === '' ? undefined : parseRow(line, i + 1);
    return row ? [row] : [];
  });
