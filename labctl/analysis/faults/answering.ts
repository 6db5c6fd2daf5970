// Faults in what a server returns: too little, too early, in another order, changed.

import type { Fault } from '../../model/checked.ts';
import type { Text } from '../../model/language.ts';
import { bytesText } from '../judge/returned.ts';
import type { Difference } from '../streams.ts';
import { endedFirst } from './closing.ts';
import type { Stand, Talk } from './stand.ts';

type Of<Kind extends Difference['kind']> = Extract<Difference, { kind: Kind }>;
type Teller<Kind extends Difference['kind']> = (difference: Of<Kind>, talk: Talk) => Fault | undefined;

const both = ({ streams: { asked, returned } }: Talk): Text => ({
  en: `sent ${bytesText(asked.bytes)}, came back ${bytesText(returned.bytes)}`,
  fr: `envoyé ${bytesText(asked.bytes)}, revenu ${bytesText(returned.bytes)}`,
});

const compare: Text = {
  en: 'Compare the lengths that recv() and send() give for this client, byte for byte.',
  fr: 'Comparez les longueurs que donnent recv() et send() pour ce client, octet par octet.',
};

const fault = (id: string, talk: Talk, en: string, fr: string, hint: Text): Fault => {
  const shown = both(talk);
  return { id, reason: { en: `${en} (${talk.other}: ${shown.en})`, fr: `${fr} (${talk.other} : ${shown.fr})` }, hint };
};

/** Some came back and then no more: of one message, or of all that came after the first. */
function missing({ from, of }: Of<'missing'>, talk: Talk): Fault | undefined {
  if (from === 0) return undefined;
  const { asked } = talk.streams;
  const whole = asked.pieces.some(({ upTo }) => upTo === from);
  const firstEnd = asked.bytes.indexOf(10) + 1;
  if (whole && (from === firstEnd || asked.pieces[0]?.upTo === from))
    return fault(
      'answers-once',
      talk,
      `it answered only the first line: ${of - from} bytes that came after it were never returned`,
      `il n’a répondu qu’à la première ligne : ${of - from} octets venus ensuite ne sont jamais revenus`,
      {
        en: 'How often does your program read from one client? A client may send again.',
        fr: 'Combien de fois votre programme lit-il auprès d’un client ? Un client peut envoyer encore.',
      },
    );
  return fault(
    'swallows-bytes',
    talk,
    `it swallowed bytes: ${from} of ${of} came back, the last ${of - from} did not`,
    `il a avalé des octets : ${from} sur ${of} sont revenus, pas les ${of - from} derniers`,
    compare,
  );
}

const tellers: { [Kind in Difference['kind']]: Teller<Kind> } = {
  missing,
  'too-early': ({ returned, asked }, talk) =>
    fault(
      'answers-too-early',
      talk,
      `it answered before it had read: ${returned} bytes left it when only ${asked} had arrived`,
      `il a répondu avant d’avoir lu : ${returned} octets sont partis quand ${asked} seulement étaient arrivés`,
      {
        en: 'What does your program send that no client sent to it? Everything it sends must have been received first.',
        fr: 'Qu’envoie votre programme qu’aucun client ne lui a envoyé ? Tout ce qu’il envoie doit d’abord avoir été reçu.',
      },
    ),
  gaps: ({ from, lost }, talk) =>
    fault(
      'swallows-bytes',
      talk,
      `it swallowed bytes: ${lost} did not come back, the first of them after ${from}`,
      `il a avalé des octets : ${lost} ne sont pas revenus, le premier après ${from}`,
      compare,
    ),
  more: ({ from }, talk) =>
    fault(
      'adds-bytes',
      talk,
      `it returned more than it got: after ${from} right bytes came others`,
      `il a renvoyé plus qu’il n’a reçu : après ${from} octets justes il en est venu d’autres`,
      compare,
    ),
  order: ({ from }, talk) =>
    fault(
      'wrong-order',
      talk,
      `it returned the bytes in the wrong order, from byte ${from + 1} on`,
      `il a renvoyé les octets dans le mauvais ordre, à partir de l’octet ${from + 1}`,
      compare,
    ),
  changed: ({ from }, talk) =>
    fault(
      'changes-bytes',
      talk,
      `it changed the bytes: byte ${from + 1} is not what was sent`,
      `il a changé les octets : l’octet ${from + 1} n’est pas ce qui a été envoyé`,
      compare,
    ),
};

/** The first conversation in which something else came back than what was sent. */
export function answersWrongly({ talks }: Stand): Fault | undefined {
  // Who greets before reading may be overtaken by a quick client once, but hardly by each.
  const early = talks.filter(({ difference }) => difference?.kind === 'too-early');
  for (const talk of [...early, ...talks]) {
    const { difference, streams } = talk;
    if (difference === undefined || streams.asked.torn || streams.returned.torn) continue;
    // What is missing because it closed too early is told as that.
    if (difference.kind === 'missing' && endedFirst(talk)) continue;
    const teller = tellers[difference.kind] as Teller<Difference['kind']>;
    const found = teller(difference, talk);
    if (found) return found;
  }
  return undefined;
}
