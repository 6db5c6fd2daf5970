// Faults in what a student's client sends: other words than those typed, or not all of them in one connection.

import type { Fault } from '../../model/checked.ts';
import { bytesText } from '../judge/returned.ts';
import { saysTyped, typedInto } from '../typed.ts';
import type { Stand } from './stand.ts';

/** More than one connection for one run of it. */
export function connectsAgain({ talks, program }: Stand): Fault | undefined {
  const made = talks.filter(({ conversation }) => conversation.handshake.synAck !== undefined).length;
  if (made < 2) return undefined;
  return {
    id: 'connects-again',
    reason: {
      en: `it made ${made} connections where one was asked for (${program})`,
      fr: `il a établi ${made} connexions alors qu’une seule était demandée (${program})`,
    },
    hint: {
      en: 'How often does your program call connect()? One connection carries all lines.',
      fr: 'Combien de fois votre programme appelle-t-il connect() ? Une connexion porte toutes les lignes.',
    },
  };
}

/** It sent something that nobody typed, or left out or changed what was. */
export function sendsOther(stand: Stand): Fault | undefined {
  const [talk] = stand.talks;
  if (talk === undefined || talk.streams.asked.torn) return undefined;
  const { bytes } = talk.streams.asked;
  const typed = typedInto(stand.program, stand.report, stand.failed?.at);
  if (bytes.length === 0 || saysTyped(bytes, typed) || isBeginning(bytes, typed)) return undefined;
  const [was, sent] = [bytesText(Buffer.from(typed)), bytesText(bytes)];
  return {
    id: 'sends-other',
    reason: {
      en: `it sent something else than what was typed: typed ${was}, sent ${sent}`,
      fr: `il a envoyé autre chose que ce qui a été tapé : tapé ${was}, envoyé ${sent}`,
    },
    hint: {
      en: 'Compare the length that your program read with the length that it gives to send().',
      fr: 'Comparez la longueur que votre programme a lue à celle qu’il donne à send().',
    },
  };
}

/** What is not sent yet is another fault. */
const isBeginning = (bytes: Uint8Array, typed: string): boolean =>
  typed.replace(/[\r\n]/g, '').startsWith(
    Buffer.from(bytes)
      .toString('utf8')
      .replace(/[\r\n]/g, ''),
  );
