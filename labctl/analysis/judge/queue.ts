// Judges `queue`: how many complete connections waited for accept() on a port, at the longest or at one instant.

import { endpointText } from '../../model/endpoint.ts';
import type { ExpectationOf } from '../../model/expectation.ts';
import type { Text } from '../../model/language.ts';
import type { QueueChange, SocketHistory } from '../../model/report.ts';
import { compared, countText } from './count.ts';
import {
  captureGap,
  cutShort,
  type Evidence,
  type Finding,
  frameProof,
  instantOf,
  noInstant,
  untracedOn,
} from './evidence.ts';
import { placed } from './places.ts';

/** The lengths in force during a stretch of time: 0 until something else is known. */
function lengths(queue: readonly QueueChange[], from: number, until: number): QueueChange[] {
  return queue.filter((change, index) => change.at < until && (queue[index + 1]?.at ?? Infinity) > from);
}

const noListener = (port: number, host: string): Text => ({
  en: `no socket listened on port ${port} of ${host}`,
  fr: `aucun socket n’écoutait sur le port ${port} de ${host}`,
});

function listenersAt({ on, port }: ExpectationOf<'queue'>, { found }: Evidence): SocketHistory[] {
  return found.states.filter(({ host, side, local }) => side === 'listener' && host === on && local.port === port);
}

function blindness({ on, at }: ExpectationOf<'queue'>, evidence: Evidence): Text | undefined {
  if (at !== undefined && instantOf(at, on, evidence.found) === undefined) return noInstant(at, on);
  return captureGap(evidence, on) ?? untracedOn(on, evidence) ?? (at === undefined ? cutShort(evidence) : undefined);
}

export function judgeQueue(expectation: ExpectationOf<'queue'>, evidence: Evidence): Finding {
  const { queue, on, port, at } = expectation;
  const listeners = listenersAt(expectation, evidence);
  const instant = at === undefined ? undefined : (instantOf(at, on, evidence.found) ?? -Infinity);
  const { from, until } = instant === undefined ? evidence.window : { from: instant, until: instant + 1 };
  const changes = listeners.flatMap((one) => lengths(one.queue ?? [], from, until));
  const longest = changes.reduce<QueueChange | undefined>((a, b) => (a && a.length >= b.length ? a : b), undefined);
  const passage = evidence.found.passages[(longest?.passage ?? 0) - 1];
  const [listener] = listeners;
  const length = longest?.length ?? 0;
  const number = countText(queue);
  const bound = listener?.backlog === undefined ? '' : ` (backlog ${listener.backlog})`;
  const seen = (where: string, frame: string): string =>
    listener ? `${length} ${where} ${endpointText(listener.local)}${bound}${frame}` : '';
  const frame = passage?.arrived ? ` [${passage.arrived.point.host} frame ${passage.arrived.frame}]` : '';
  const moment = at === undefined ? { en: '', fr: '' } : { en: ` at ${at}`, fr: `, à ${at}` };
  return {
    ...compared(length, queue, blindness(expectation, evidence)),
    ...(listener ? {} : { matched: false }),
    expected: {
      en: `${number.en} in the accept queue of port ${port} on ${on}${moment.en}`,
      fr: `${number.fr} dans la file d’accept() du port ${port} sur ${on}${moment.fr}`,
    },
    seen: listener
      ? { en: seen('in the accept queue of', frame), fr: seen('dans la file d’accept() de', placed(frame).fr) }
      : noListener(port, on),
    proofs: passage ? frameProof(passage) : [],
  };
}
