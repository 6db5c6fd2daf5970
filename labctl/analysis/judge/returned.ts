// Judges `returned`: did every byte that a program sent come back, unchanged and in order, and none before it was sent?

import type { ExpectationOf } from '../../model/expectation.ts';
import type { Text } from '../../model/language.ts';
import { same } from '../../model/language.ts';
import type { Conversation } from '../../model/report.ts';
import { differenceOf, type Streams, streamsOf } from '../streams.ts';
import { isOwnClient, saysTyped, typedInto } from '../typed.ts';
import {
  captureGap,
  cutShort,
  type Evidence,
  type Finding,
  frameProof,
  listed,
  neverStarted,
  traceGap,
  unknownFor,
} from './evidence.ts';

interface Exchange {
  program: string;
  conversation: Conversation;
  streams: Streams;
}

const shownBytes = 40;

/** Bytes as a string of C shows them, cut in the middle. */
export function bytesText(bytes: Uint8Array): string {
  const text = JSON.stringify(Buffer.from(bytes).toString('utf8'));
  return text.length <= shownBytes ? text : `${text.slice(0, shownBytes - 8)}…${text.slice(-7)}`;
}

const exchangeText = ({ program, streams: { asked, returned } }: Exchange): string =>
  `${program}: ${asked.bytes.length} bytes ${bytesText(asked.bytes)}, back ${returned.bytes.length} ${bytesText(returned.bytes)}`;

function blindness(programs: readonly string[], exchanges: readonly Exchange[], evidence: Evidence): Text | undefined {
  for (const program of programs) {
    const gap = traceGap(evidence, program);
    if (gap !== undefined) return gap.en === neverStarted(program).en ? gap : unknownFor(gap);
  }
  const hosts = exchanges.flatMap(({ conversation: { initiator, responder } }) => [initiator.host, responder.host]);
  for (const host of new Set(hosts)) {
    const gap = captureGap(evidence, host);
    if (gap !== undefined) return gap;
  }
  const torn = exchanges.some(({ streams }) => streams.asked.torn || streams.returned.torn);
  if (torn) return { en: 'not all bytes were captured', fr: 'tous les octets n’ont pas été capturés' };
  return cutShort(evidence);
}

/** A student's client that sends something else than what was typed, or not all of it in its one connection. */
function unasked({ program, streams: { asked } }: Exchange, { found, window }: Evidence): boolean {
  return isOwnClient(program, found) && !saysTyped(asked.bytes, typedInto(program, found, window.until));
}

const bothSaid: Text = {
  en: 'what was typed is sent, in one connection, and every byte comes back',
  fr: 'ce qui a été tapé est envoyé, par une seule connexion, et chaque octet revient',
};
const everyByte: Text = { en: 'every byte comes back', fr: 'chaque octet revient' };

export function judgeReturned({ returned: programs }: ExpectationOf<'returned'>, evidence: Evidence): Finding {
  const exchanges = programs.flatMap((program) =>
    evidence.found.conversations
      .filter(({ initiator }) => initiator.program === program)
      .map((conversation) => ({
        program,
        conversation,
        streams: streamsOf(conversation, evidence.found, evidence.window.until),
      })),
  );
  const silent = programs.filter(
    (program) => !exchanges.some((one) => one.program === program && one.streams.asked.bytes.length > 0),
  );
  const wrong = exchanges.filter((one) => differenceOf(one.streams) !== undefined || unasked(one, evidence));
  const said = programs.some((program) => isOwnClient(program, evidence.found)) ? bothSaid : everyByte;
  const blind = blindness(programs, exchanges, evidence);
  const shown = wrong.length > 0 ? wrong : exchanges;
  return {
    matched: blind === undefined && wrong.length === 0 && silent.length === 0,
    expected: {
      en: `${said.en}: ${programs.join(', ')}`,
      fr: `${said.fr} : ${programs.join(', ')}`,
    },
    seen: listed([...shown.map(exchangeText), ...silent.map((program) => `${program}: 0 bytes`)], same('0')),
    proofs: shown.flatMap(({ streams }) => streams.returned.pieces.at(-1)?.passage ?? []).flatMap(frameProof),
    blind:
      wrong.length > 0 && exchanges.every(({ streams }) => !streams.asked.torn && !streams.returned.torn)
        ? undefined
        : blind,
  };
}
