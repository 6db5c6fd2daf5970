// Faults of a student's client at its end: too early, too late, rude, or with another code than 0.

import type { Fault } from '../../model/checked.ts';
import { endedFirst } from './closing.ts';
import { endText, printedText, type Stand } from './stand.ts';

const isConnected = ({ talks }: Stand): boolean => talks.some(({ conversation }) => conversation.handshake.synAck);

const inputClosed = ({ report, program }: Stand): number =>
  report.events.find((event) => event.kind === 'input-closed' && event.program === program)?.at ?? Infinity;

/** Connected, and ended with another code than 0. */
export function endsBadly(stand: Stand): Fault | undefined {
  const { ended, program } = stand;
  if (ended === undefined || ended.code === 0 || !isConnected(stand)) return undefined;
  const [end, printed] = [endText(ended.code), printedText(stand)];
  return {
    id: ended.code > 128 ? 'crashes' : 'ends-badly',
    reason: {
      en: `it ended ${end.en}, where code 0 says that all went well (${program}).${printed.en}`,
      fr: `il s’est terminé ${end.fr}, alors que le code 0 dit que tout s’est bien passé (${program}).${printed.fr}`,
    },
    hint: {
      en: 'What does main() return, or exit() get, when the server has closed its side and all was read?',
      fr: 'Que rend main(), ou que reçoit exit(), quand le serveur a fermé son côté et que tout a été lu ?',
    },
  };
}

/** Gone, though there was more to type. */
export function endsEarlier(stand: Stand): Fault | undefined {
  const { ended, program } = stand;
  if (ended === undefined || !isConnected(stand) || ended.at > inputClosed(stand)) return undefined;
  // Who ends because the server did is right.
  if (stand.talks.some(endedFirst)) return undefined;
  const printed = printedText(stand);
  return {
    id: 'ends-early',
    reason: {
      en: `it ended before the end of its input: there was more to type (${program}).${printed.en}`,
      fr: `il s’est terminé avant la fin de son entrée : il restait à taper (${program}).${printed.fr}`,
    },
    hint: {
      en: 'How many lines does your program read? It goes on until the end of the input (Ctrl-D).',
      fr: 'Combien de lignes votre programme lit-il ? Il continue jusqu’à la fin de l’entrée (Ctrl-D).',
    },
  };
}

/** A RST of the client's: it closed while the server had still something to say, or did not read it. */
export function hangsUp({ talks }: Stand): Fault | undefined {
  const talk = talks.find(({ conversation, streams }) => {
    const byServer = streams.returned.end?.flags.includes('R') === true;
    return conversation.closing === 'reset' && streams.asked.bytes.length > 0 && !byServer;
  });
  if (talk === undefined) return undefined;
  return {
    id: 'hangs-up',
    reason: {
      en: 'it hung up before it had read all that the server had to say: its kernel answered the rest with a RST',
      fr: 'il a raccroché avant d’avoir lu tout ce que le serveur avait à dire : son noyau a répondu au reste par un RST',
    },
    hint: {
      en: 'shutdown(SHUT_WR) ends one direction, close() both. Which of them leaves you able to read to the end?',
      fr: 'shutdown(SHUT_WR) termine un sens, close() les deux. Lequel vous laisse lire jusqu’à la fin ?',
    },
  };
}

/** Microseconds that it may take to end where the failure is about another one. */
const patience = 1_000_000;

/** Its input ended, and neither it nor its side of the connection did. */
export function doesNotEnd(stand: Stand): Fault | undefined {
  const { report, talks, ended } = stand;
  const failed = report.events.find((event) => event.kind === 'step-failed');
  if (failed === undefined || ended !== undefined || inputClosed(stand) > failed.at) return undefined;
  if (stand.failed === undefined && failed.at - inputClosed(stand) < patience) return undefined;
  const finished = talks.some(({ streams }) => streams.asked.end !== undefined);
  if (finished && stand.failed === undefined) return undefined;
  return {
    id: 'does-not-end',
    reason: finished
      ? {
          en: 'it does not end after the end of its input, although it has closed its side',
          fr: 'il ne se termine pas après la fin de son entrée, bien qu’il ait fermé son côté',
        }
      : {
          en: 'it does not end after the end of its input: no FIN says that it has no more to send',
          fr: 'il ne se termine pas après la fin de son entrée : aucun FIN ne dit qu’il n’a plus rien à envoyer',
        },
    hint: {
      en: 'What does your program do at the end of the input (Ctrl-D), and how does the server learn of it?',
      fr: 'Que fait votre programme à la fin de l’entrée (Ctrl-D), et comment le serveur l’apprend-il ?',
    },
  };
}
