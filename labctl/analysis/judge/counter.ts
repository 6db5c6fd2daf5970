// Judges `counter`: by how much a kernel counter of a host grew between two looks.

import type { ExpectationOf } from '../../model/expectation.ts';
import type { Look } from '../../model/look.ts';
import type { Evidence, Finding } from './evidence.ts';

const looksAt = ({ found }: Evidence, host: string, name: string): Look | undefined =>
  found.looks.find((look) => look.name === name && look.host === host);

export function judgeCounter(expectation: ExpectationOf<'counter'>, evidence: Evidence): Finding {
  const { counter, grows, on, since = 'start', at } = expectation;
  const [first, last] = [looksAt(evidence, on, since), looksAt(evidence, on, at)];
  const growth = first && last ? (last.counters[counter] ?? 0) - (first.counters[counter] ?? 0) : 0;
  const span = { en: `on ${on} from ${since} to ${at}`, fr: `sur ${on} de ${since} à ${at}` };
  const amount = grows === 0 ? '+0' : `≥ +${grows}`;
  const missing = first === undefined ? since : at;
  const gap = {
    en: `there was no look "${missing}" at ${on}`,
    fr: `il n’y a pas eu d’observation « ${missing} » sur ${on}`,
  };
  // nstat leaves out a counter that a kernel does not have; one that it has is there, be it 0.
  const unknown = {
    en: `this kernel has no counter ${counter}`,
    fr: `ce noyau n’a pas de compteur ${counter}`,
  };
  const blind = !first || !last ? gap : last.counters[counter] === undefined ? unknown : undefined;
  return {
    matched: blind === undefined && (grows === 0 ? growth === 0 : growth >= grows),
    expected: { en: `${counter} ${amount} ${span.en}`, fr: `${counter} ${amount} ${span.fr}` },
    seen: { en: `${counter} +${growth} ${span.en}`, fr: `${counter} +${growth} ${span.fr}` },
    proofs: [],
    blind,
  };
}
