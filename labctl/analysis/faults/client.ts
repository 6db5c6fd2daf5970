// Faults of a student's client before and while it talks: it does not connect, does not send, does not show.

import type { Fault } from '../../model/checked.ts';
import { endpointText } from '../../model/endpoint.ts';
import { typedInto } from '../typed.ts';
import { endText, printedText, type Stand } from './stand.ts';

/** No connection to the port that was asked for. */
export function doesNotConnect(stand: Stand): Fault | undefined {
  const { talks, failed, ended, port } = stand;
  const [talk] = talks;
  if (
    failed === undefined ||
    (talk && talk.conversation.responder.endpoint.port === port && talk.conversation.closing !== 'refused')
  )
    return undefined;
  const printed = printedText(stand);
  const end = ended ? endText(ended.code) : undefined;
  const seen = talk
    ? {
        en: `it called ${endpointText(talk.conversation.responder.endpoint)}`,
        fr: `il a appelé ${endpointText(talk.conversation.responder.endpoint)}`,
      }
    : { en: 'no SYN left its host', fr: 'aucun SYN n’a quitté son hôte' };
  return {
    id: end ? 'does-not-start' : 'does-not-connect',
    reason: {
      en: `it does not connect to port ${port} of the server: ${seen.en}${end ? `, and it ended ${end.en}` : ''}.${printed.en}`,
      fr: `il ne se connecte pas au port ${port} du serveur : ${seen.fr}${end ? `, et il s’est terminé ${end.fr}` : ''}.${printed.fr}`,
    },
    hint: {
      en: 'The host and the port are its two arguments, and HOST and PORT in the environment. A name must be looked up first.',
      fr: 'L’hôte et le port sont ses deux arguments, et HOST et PORT dans l’environnement. Un nom doit d’abord être résolu.',
    },
  };
}

/** The line went out and came back, or never went out. */
export function showsNothing(stand: Stand): Fault | undefined {
  const { talks, failed } = stand;
  const talk = talks.at(-1);
  if (talk === undefined || talk.conversation.handshake.synAck === undefined) return undefined;
  const printed = printedText(stand);
  const sent = talk.streams.asked.bytes.length;
  if (sent === 0 && typedInto(stand.program, stand.report) !== '')
    return {
      id: 'sends-nothing',
      reason: {
        en: `it sent nothing of what was typed: its connection has no byte.${printed.en}`,
        fr: `il n’a rien envoyé de ce qui a été tapé : sa connexion ne porte aucun octet.${printed.fr}`,
      },
      hint: {
        en: 'Does your program read a line as soon as it is typed, and does it send before the input ends?',
        fr: 'Votre programme lit-il une ligne dès qu’elle est tapée, et l’envoie-t-il avant la fin de l’entrée ?',
      },
    };
  if (failed === undefined || talk.streams.asked.end !== undefined) return undefined;
  return {
    id: 'shows-nothing',
    reason: {
      en: `it did not show the answer: ${talk.streams.returned.bytes.length} bytes came back to it.${printed.en}`,
      fr: `il n’a pas affiché la réponse : ${talk.streams.returned.bytes.length} octets lui sont revenus.${printed.fr}`,
    },
    hint: {
      en: 'Output into a pipe is kept back until the buffer is full, unless it is flushed (fflush, setvbuf).',
      fr: 'Une sortie vers un tube est retenue jusqu’à ce que le tampon soit plein, sauf si on la vide (fflush, setvbuf).',
    },
  };
}
