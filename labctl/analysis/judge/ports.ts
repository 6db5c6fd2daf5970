// Judges `ports`: how the ports of several programs' conversations compare with each other or with the kernel's range.

import { endpointText } from '../../model/endpoint.ts';
import type { ExpectationOf } from '../../model/expectation.ts';
import type { Text } from '../../model/language.ts';
import type { Conversation } from '../../model/report.ts';
import {
  captureGap,
  cutShort,
  type Evidence,
  type Finding,
  frameProof,
  isWithin,
  listed,
  traceGap,
  unknownFor,
} from './evidence.ts';

type Side = 'initiator' | 'responder';

function conversationsOf({ of }: ExpectationOf<'ports'>, { found, window }: Evidence): Conversation[] {
  return found.conversations.filter(
    ({ start, initiator, responder }) =>
      isWithin(window, start) && of.some((name) => initiator.program === name || responder.program === name),
  );
}

/** The range from which a host's connect() chooses (ip_local_port_range), both ends included. */
export function portRange({ found: { run } }: Pick<Evidence, 'found'>, host: string): [number, number] | undefined {
  const sysctls = run.hosts.find(({ name }) => name === host)?.sysctls ?? {};
  const text = sysctls['net.ipv4.ip_local_port_range'] ?? sysctls['ip_local_port_range'];
  const [low, high] = (text ?? '').trim().split(/\s+/).map(Number);
  return low && high ? [low, high] : undefined;
}

function holds(
  kind: ExpectationOf<'ports'>['ports'],
  list: readonly Conversation[],
  side: Side,
  evidence: Evidence,
): boolean {
  const ports = list.map((conversation) => conversation[side].endpoint.port);
  if (kind === 'different') return new Set(ports).size === ports.length;
  if (kind === 'same') return new Set(ports).size === 1;
  if (typeof kind === 'object') return ports.every((port) => port >= kind.in[0] && port <= kind.in[1]);
  if (kind === 'even') return ports.every((port) => port % 2 === 0);
  return list.every((conversation) => {
    const range = portRange(evidence, conversation[side].host);
    const { port } = conversation[side].endpoint;
    return range !== undefined && port >= range[0] && port <= range[1];
  });
}

const alone: Text = {
  en: 'one conversation alone has nothing to be compared with',
  fr: 'une conversation seule ne se compare à rien',
};
const noRange: Text = {
  en: 'the port range of the host was not recorded',
  fr: 'la plage de ports de l’hôte n’a pas été enregistrée',
};

function blindness(
  expectation: ExpectationOf<'ports'>,
  list: readonly Conversation[],
  side: Side,
  evidence: Evidence,
): Text | undefined {
  for (const name of expectation.of) {
    const gap = traceGap(evidence, name);
    if (gap !== undefined) return unknownFor(gap);
    const host = evidence.found.run.programs.find((program) => program.name === name)?.host ?? '';
    const captured = captureGap(evidence, host);
    if (captured !== undefined) return captured;
  }
  const compares = expectation.ports === 'different' || expectation.ports === 'same';
  if (compares && list.length === 1) return alone;
  const ranged = expectation.ports === 'ephemeral' && list.some((one) => !portRange(evidence, one[side].host));
  return ranged ? noRange : cutShort(evidence);
}

const inFrench = {
  different: 'différents',
  same: 'identiques',
  ephemeral: 'éphémères',
  even: 'pairs',
  initiator: 'de l’initiateur',
  responder: 'du répondant',
};

function expectedText(ports: ExpectationOf<'ports'>['ports'], side: Side, of: readonly string[]): Text {
  const list = of.join(', ');
  if (typeof ports === 'string')
    return { en: `${ports} ${side} ports of ${list}`, fr: `ports ${inFrench[side]} ${inFrench[ports]} pour ${list}` };
  const [first, last] = ports.in;
  return {
    en: `${side} ports of ${list} from ${first} to ${last}`,
    fr: `ports ${inFrench[side]} de ${first} à ${last} pour ${list}`,
  };
}

export function judgePorts(expectation: ExpectationOf<'ports'>, evidence: Evidence): Finding {
  const { ports, of, side = 'initiator' } = expectation;
  const list = conversationsOf(expectation, evidence);
  const enough = list.length > (ports === 'different' || ports === 'same' ? 1 : 0);
  const matched = enough && holds(ports, list, side, evidence);
  const texts = list.map((one) => `${one[side].program ?? one[side].host} ${endpointText(one[side].endpoint)}`);
  const blind = blindness(expectation, list, side, evidence);
  return {
    matched,
    expected: expectedText(ports, side, of),
    seen: listed(texts, { en: 'no conversation', fr: 'aucune conversation' }),
    proofs: list.flatMap(({ passages }) => {
      const first = evidence.found.passages[(passages[0] ?? 0) - 1];
      return first ? frameProof(first) : [];
    }),
    ...(matched ? {} : { blind }),
  };
}
