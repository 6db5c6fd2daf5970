// Which faults a run shows in a student's program, the one that explains most first.

import type { Fault } from '../../model/checked.ts';
import type { Report } from '../../model/report.ts';
import { answersWrongly } from './answering.ts';
import { doesNotConnect, showsNothing } from './client.ts';
import { doesNotEnd, endsBadly, endsEarlier, hangsUp } from './client-end.ts';
import { connectsAgain, sendsOther } from './client-words.ts';
import { closesFirst, neverCloses, resets } from './closing.ts';
import { acceptsNoMore, endsEarly, keepsSilent, stopsListening } from './serving.ts';
import { type Stand, standsOf } from './stand.ts';
import { bursts, endsAtOnce, ipv4Only, ipv6Only, listensElsewhere, neverListens, oneAddress } from './starting.ts';
import { servesTogether } from './way.ts';

type Detector = (stand: Stand) => Fault | undefined;

const ofServers: Detector[] = [
  bursts,
  endsAtOnce,
  listensElsewhere,
  neverListens,
  oneAddress,
  ipv4Only,
  ipv6Only,
  stopsListening,
  endsEarly,
  answersWrongly,
  closesFirst,
  neverCloses,
  acceptsNoMore,
  keepsSilent,
  resets,
  servesTogether,
];
const ofClients: Detector[] = [
  doesNotConnect,
  connectsAgain,
  sendsOther,
  endsBadly,
  endsEarlier,
  hangsUp,
  doesNotEnd,
  showsNothing,
];

/** The same fault of a client that was started three times is told once. */
const eachOnce = (faults: readonly Fault[]): Fault[] =>
  faults.filter(({ id }, place) => faults.findIndex((other) => other.id === id) === place);

/** Every fault that is seen; none in a run that met everything that was expected. */
export function faultsOf(report: Report): Fault[] {
  if (report.verdict === 'met' && report.run.outcome === 'complete') return [];
  return eachOnce(
    standsOf(report).flatMap((stand) =>
      (stand.role === 'server' ? ofServers : ofClients).flatMap((detect) => detect(stand) ?? []),
    ),
  );
}
