// From a recorded run to the report: a pure fold, each stage in a file of its own.

import type { Call, CallEvent } from '../model/call.ts';
import type { Report } from '../model/report.ts';
import type { RecordedRun } from '../model/run.ts';
import { blindSpots } from './blind-spots.ts';
import { callTable } from './call-table.ts';
import { tieCalls } from './call-ties.ts';
import { findCauses } from './causes.ts';
import { followConversations } from './conversations.ts';
import { hostsOf } from './hosts.ts';
import { judge } from './judge.ts';
import { timeline } from './moments.ts';
import { matchPassages } from './passages.ts';
import { proveRepetitions } from './repetitions.ts';
import { socketStates } from './states.ts';
import { findWakers } from './wakers.ts';
import { findTakers } from './wire.ts';

const isCall = (event: CallEvent): event is Call => event.kind === 'call';

/** Everything a view draws of a run. Never throws for missing evidence: what cannot be told is left out or not observable. */
export function analyse(run: RecordedRun): Report {
  const hosts = hostsOf(run);
  const passages = matchPassages(run.packets, hosts);
  const conversations = followConversations(passages);
  proveRepetitions(run, passages, conversations);
  findTakers(run, passages, hosts);
  const calls = run.calls.filter(isCall).toSorted((a, b) => a.at - b.at);
  const processEvents = run.calls.filter((event) => !isCall(event)).toSorted((a, b) => a.at - b.at);
  const { looks, events, scenario, record } = run;
  const tied = tieCalls(calls, conversations, looks, processEvents);
  findCauses(tied, conversations, passages);
  const wakers = findWakers(tied, conversations, passages);
  const blind = blindSpots(calls, record);
  const found = {
    run: record,
    scenario,
    passages,
    conversations,
    calls: tied.calls,
    processEvents,
    looks,
    counterRises: run.counterRises ?? [],
    samples: run.samples ?? [],
    events,
    moments: timeline({ tied, passages, wakers, processEvents, events, looks }),
    states: socketStates(conversations, passages, tied, record),
    ...(blind === undefined ? {} : { blind }),
    callTables: (scenario.tables ?? []).map(({ calls: program }) => ({
      program,
      rows: callTable(program, tied, wakers, run.sources),
    })),
  };
  return { ...found, ...judge(found, hosts) };
}
