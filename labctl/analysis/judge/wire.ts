// Judges `dropped`: how many packets a rule of the wire took, by its counter in the kernel.

import type { ExpectationOf } from '../../model/expectation.ts';
import { same } from '../../model/language.ts';
import { cutShort, type Evidence, type Finding, frameProof } from './evidence.ts';

export function judgeDropped({ dropped, by }: ExpectationOf<'dropped'>, evidence: Evidence): Finding {
  const { run, passages } = evidence.found;
  const { hit, passed = 0 } = run.wire?.find(({ rule }) => rule === by) ?? {};
  const unread = { en: `the counter of ${by} was not read`, fr: `le compteur de ${by} n’a pas été lu` };
  const idle =
    passed === 0
      ? { en: `${by} met no packet`, fr: `${by} n’a rencontré aucun paquet` }
      : { en: `${by} was about ${passed}, and took none`, fr: `${by} portait sur ${passed}, et n’en a pris aucun` };
  return {
    matched: hit === dropped,
    expected: same(`${by}: ${dropped}`),
    seen: hit === undefined ? unread : same(`${by}: ${hit}`),
    proofs: passages.filter(({ takenBy }) => takenBy?.rule === by).flatMap(frameProof),
    // It met none of what it was there for: that says nothing about the expectation.
    blind: hit === undefined ? unread : hit === 0 && dropped > 0 ? idle : cutShort(evidence),
  };
}
