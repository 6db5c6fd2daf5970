// One program's life as the handout tells it: socket, bind, listen, accept, the new socket, receive and send, close.

import { endpointText } from '../model/endpoint.ts';
import type { CallTableRow, Passage, TracedCall } from '../model/report.ts';
import { isNoise, resultAt } from './call-moments.ts';
import { callText, resultText } from './call-text.ts';
import type { TiedCalls } from './call-ties.ts';
import { acceptCalls, receives, type SocketView, sends, socketArgument } from './sockets.ts';

/** More exchanges than this in one connection are folded into one row. */
const mostExchanges = 8;

/** What is known about a program's calls beyond the calls themselves. */
interface Around {
  sources: Readonly<Record<string, readonly string[]>>;
  wakers: ReadonlyMap<number, Passage>;
}

/** A row without its step's number, which depends on the whole program; a round is one conversation. */
interface Part {
  step: Step;
  round: number | undefined;
  row: Omit<CallTableRow, 'number'>;
}
type Step = 'socket' | 'bind' | 'listen' | 'accept' | 'accepted' | 'connect' | 'transfer' | 'close';

/** The handout's seven steps of a server, and the four of a client. */
const serverNumbers: Partial<Record<Step, number>> = {
  socket: 1,
  bind: 2,
  listen: 3,
  accept: 4,
  accepted: 5,
  connect: 6,
  transfer: 6,
  close: 7,
};
const clientNumbers: Partial<Record<Step, number>> = { socket: 1, bind: 2, connect: 2, transfer: 3, close: 4 };

function stepOf(call: TracedCall): Step | undefined {
  const { name } = call;
  if (name === 'socket' || name === 'bind' || name === 'listen' || name === 'connect') return name;
  if (name === 'close' || name === 'shutdown') return 'close';
  if (acceptCalls.has(name)) return 'accept';
  return sends(call) || receives(call) ? 'transfer' : undefined;
}

function sourceLine(call: TracedCall, { sources }: Around): CallTableRow['line'] {
  if (!call.line) return undefined;
  const { file, line } = call.line;
  const text = sources[file]?.[line - 1]?.trim();
  return text === undefined ? { file, line } : { file, line, text };
}

function part(call: TracedCall, step: Step, around: Around): Part {
  const line = sourceLine(call, around);
  return {
    step,
    round: call.conversation,
    row: {
      ...(line ? { line } : {}),
      call: callText(call),
      result: resultText(call),
      at: resultAt(call, around.wakers.get(call.index)),
      ...(call.took === undefined ? {} : { took: call.took }),
      passages: [...call.caused],
      callIndex: call.index,
    },
  };
}

const accepted = ({ result, address }: TracedCall): string =>
  address ? `${result} ← ${endpointText(address)}` : `${result}`;

/** An accept that gives a socket is two steps: waiting on the old one, and the new one. */
function parts(call: TracedCall, around: Around): Part[] {
  const step = stepOf(call);
  if (!step) return [];
  const one = part(call, step, around);
  if (step !== 'accept' || (call.result ?? -1) < 0) return [one];
  const returned = { ...one.row, result: accepted(call) };
  delete returned.took;
  return [
    { ...one, row: { ...one.row, result: '…', at: call.at } },
    { ...one, step: 'accepted', row: returned },
  ];
}

/** Several rows as one, from the first to the end of the last. */
function folded(round: readonly Part[], call: string, result: string): Part {
  const [first, last] = [round[0] as Part, round.at(-1) as Part];
  const took = last.row.at - first.row.at;
  const passages = round.flatMap((one) => one.row.passages);
  return { ...first, row: { ...first.row, call, result, took, passages } };
}

/** A later connection: the same steps once more, told by what accept or connect gave and by how they ended. */
function foldedRound(round: readonly Part[]): Part {
  const [told, last] = [
    round.find(({ step }) => step === 'accepted' || step === 'connect') ?? (round[0] as Part),
    round.at(-1) as Part,
  ];
  const end = last === told ? '' : ` … ${last.row.call} = ${last.row.result}`;
  return folded(round, told.row.call, `${told.row.result}${end}`);
}

/** Long exchanges of one connection in one row: what they were is in the ladder. */
function shortened(round: readonly Part[]): Part[] {
  const transfers = round.filter(({ step }) => step === 'transfer');
  if (transfers.length <= mostExchanges) return [...round];
  const row = folded(transfers, `${transfers[0]?.row.call} … ${transfers.at(-1)?.row.call}`, `${transfers.length} ×`);
  return round.flatMap((one) => (one === transfers[0] ? [row] : one.step === 'transfer' ? [] : [one]));
}

/** The first connection wholly, each later one in a row; what belongs to no connection stays as it is. */
function foldRounds(all: Part[]): Part[] {
  const rounds = new Map<number, Part[]>();
  for (const one of all) {
    if (one.round === undefined) continue;
    const round = rounds.get(one.round);
    if (round) round.push(one);
    else rounds.set(one.round, [one]);
  }
  const [whole, ...later] = [...rounds.values()];
  const told = [...(whole ? shortened(whole) : []), ...later.map(foldedRound)];
  return [...all.filter(({ round }) => round === undefined), ...told].sort(
    (a, b) => a.row.at - b.row.at || a.row.callIndex - b.row.callIndex,
  );
}

/** Waits that a signal cut and that were simply begun again say nothing (a child's end does that to accept). */
function isRestarted(call: TracedCall, place: number, calls: readonly TracedCall[]): boolean {
  if (!call.errno?.startsWith('ERESTART')) return false;
  for (let later = place + 1; later < calls.length; later++)
    if (calls[later]?.pid === call.pid) return calls[later]?.name === call.name;
  return false;
}

/** The rows of one program, in order of time. */
export function callTable(
  program: string,
  tied: TiedCalls,
  wakers: Around['wakers'],
  sources: Around['sources'],
): CallTableRow[] {
  const drawn = (call: TracedCall): boolean => {
    const socket: SocketView | undefined = tied.socketOf.get(call.index);
    return call.program === program && stepOf(call) !== undefined && socket !== undefined && !isNoise(socket);
  };
  const calls = tied.calls.filter(drawn);
  const kept = calls.filter((call, place) => !isRestarted(call, place, calls));
  const isServer = calls.some(({ name }) => name === 'listen' || name === 'bind');
  const numbers = isServer ? serverNumbers : clientNumbers;
  const rows = foldRounds(dropCopies(kept).flatMap((call) => parts(call, { wakers, sources })));
  return rows.map(({ step, row }) => ({ number: numbers[step] ?? 0, ...row }));
}

/** After a fork both processes close what they do not use; only the close that ends the socket is a step. */
function dropCopies(calls: readonly TracedCall[]): TracedCall[] {
  const lastClose = new Map<string, number>();
  for (const call of calls) if (call.name === 'close') lastClose.set(inodeKey(call), call.index);
  return calls.filter((call) => call.name !== 'close' || lastClose.get(inodeKey(call)) === call.index);
}

const inodeKey = (call: TracedCall): string =>
  `${call.host} ${call.inode ?? socketArgument(call.args[0])?.inode ?? `${call.pid}:${call.fd}`}`;
