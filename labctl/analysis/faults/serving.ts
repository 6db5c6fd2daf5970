// Faults of a server with its clients: it ends, stops listening, accepts no second one, or keeps silent.

import type { Fault } from '../../model/checked.ts';
import { endText, listenersOf, printedText, type Stand, socketsOf, type Talk } from './stand.ts';

const gotSomething = ({ streams }: Talk): boolean => streams.asked.bytes.length > 0;
const gaveSomething = ({ streams }: Talk): boolean => streams.returned.bytes.length > 0;
const isAtHome = ({ conversation }: Talk): boolean =>
  conversation.closing !== 'refused' && conversation.handshake.synAck !== undefined;

const clients = (count: number) => ({
  en: count === 1 ? 'one client' : `${count} clients`,
  fr: count === 1 ? 'un client' : `${count} clients`,
});

/** The program itself is gone, though nobody stopped it. */
export function endsEarly(stand: Stand): Fault | undefined {
  const { ended, talks, failed } = stand;
  const served = talks.filter(isAtHome).length;
  if (ended === undefined || served === 0) return undefined;
  const goesOn = listenersOf(stand.last).some(({ local }) => local.port === stand.port);
  if (goesOn || (failed === undefined && ended.code === 0)) return undefined;
  const [end, after, printed] = [endText(ended.code), clients(served), printedText(stand)];
  const crashed = ended.code > 128;
  return {
    id: crashed ? 'crashes' : 'exits-early',
    reason: {
      en: `it ended ${end.en} after ${after.en}, instead of waiting for the next.${printed.en}`,
      fr: `il s’est terminé ${end.fr} après ${after.fr}, au lieu d’attendre le suivant.${printed.fr}`,
    },
    hint: crashed
      ? {
          en: 'A signal ended it. Which line was it at? gdb is not there, but a printf() before each call tells.',
          fr: 'Un signal l’a terminé. À quelle ligne en était-il ? gdb n’est pas là, mais un printf() avant chaque appel le dit.',
        }
      : {
          en: 'After a client has gone, to which line does your program go on? What should happen with the listening socket?',
          fr: 'Quand un client est parti, à quelle ligne votre programme continue-t-il ? Que doit devenir le socket d’écoute ?',
        },
  };
}

/** It runs, but its listening socket is closed. */
export function stopsListening(stand: Stand): Fault | undefined {
  const { looks, talks, ended, port } = stand;
  const served = talks.filter(isAtHome);
  if (ended || served.length === 0) return undefined;
  const deaf = looks.find((look) => !listenersOf(look).some(({ local }) => local.port === port));
  if (deaf === undefined) return undefined;
  const before = served.filter(({ conversation }) => conversation.start < deaf.at).length;
  const after = clients(Math.max(1, before));
  return {
    id: 'stops-listening',
    reason: {
      en: `it stopped listening after ${after.en}: port ${port} has no LISTEN socket any more, so the next client is refused`,
      fr: `il a cessé d’écouter après ${after.fr} : le port ${port} n’a plus de socket LISTEN, donc le client suivant est refusé`,
    },
    hint: {
      en: 'Which socket does your program close when a client is served: the connection’s, or the listener?',
      fr: 'Quel socket votre programme ferme-t-il quand un client est servi : celui de la connexion, ou celui d’écoute ?',
    },
  };
}

/** A connection waits in the accept queue, and nobody takes it. */
export function acceptsNoMore(stand: Stand): Fault | undefined {
  const { last, failed, talks, port } = stand;
  const waiting = listenersOf(last).find(({ local, receiveQueue }) => local.port === port && receiveQueue > 0);
  if (failed === undefined || waiting === undefined) return undefined;
  const unfinished = talks.filter((talk) => isAtHome(talk) && talk.streams.asked.end === undefined);
  const open = unfinished.filter(gaveSomething);
  const queue = `LISTEN *:${port}, Recv-Q ${waiting.receiveQueue}`;
  if (open.length > 0)
    return {
      id: 'one-at-a-time',
      reason: {
        en: `it serves one client at a time: while ${open[0]?.other} is connected, ${waiting.receiveQueue} more wait(s) in the accept queue (${queue})`,
        fr: `il sert un client à la fois : pendant que ${open[0]?.other} est connecté, ${waiting.receiveQueue} attend(ent) dans la file d’accept (${queue})`,
      },
      hint: {
        en: 'Where does your program wait while a client is connected, and who calls accept() meanwhile?',
        fr: 'Où votre programme attend-il pendant qu’un client est connecté, et qui appelle accept() pendant ce temps ?',
      },
    };
  const outside = talks.find(({ conversation }) => conversation.handshake.synAck === undefined);
  if (outside !== undefined)
    return {
      id: 'queue-full',
      reason: {
        en: `its accept queue is full (${queue}), and nobody empties it: the kernel drops the SYN of ${outside.other}`,
        fr: `sa file d’accept est pleine (${queue}), et personne ne la vide : le noyau jette le SYN de ${outside.other}`,
      },
      hint: {
        en: 'How many connections may wait (the number in listen()), and who calls accept() while a client is connected?',
        fr: 'Combien de connexions peuvent attendre (le nombre dans listen()), et qui appelle accept() pendant qu’un client est connecté ?',
      },
    };
  // Whoever is served and gets nothing holds the others up: that is the fault.
  if (unfinished.length > waiting.receiveQueue) return undefined;
  const served = talks.filter((talk) => isAtHome(talk) && talk.streams.asked.end !== undefined).length;
  if (served === 0)
    return {
      id: 'never-accepts',
      reason: {
        en: `it never accepts: the kernel made the connection, and it waits in the accept queue (${queue})`,
        fr: `il n’accepte jamais : le noyau a établi la connexion, et elle attend dans la file d’accept (${queue})`,
      },
      hint: {
        en: 'After listen(), which call takes a connection out of the queue?',
        fr: 'Après listen(), quel appel prend une connexion dans la file ?',
      },
    };
  const after = clients(served);
  return {
    id: 'accepts-once',
    reason: {
      en: `it does not go back to accept() after ${after.en}: the next connection waits in the accept queue (${queue})`,
      fr: `il ne revient pas à accept() après ${after.fr} : la connexion suivante attend dans la file d’accept (${queue})`,
    },
    hint: {
      en: 'How often does your program call accept()? Look for what surrounds it.',
      fr: 'Combien de fois votre programme appelle-t-il accept() ? Regardez ce qui l’entoure.',
    },
  };
}

/** It has a line and gives nothing back. */
export function keepsSilent(stand: Stand): Fault | undefined {
  if (stand.failed === undefined) return undefined;
  const talk = stand.talks.find(
    (one) => gotSomething(one) && !gaveSomething(one) && one.streams.asked.end === undefined,
  );
  if (talk === undefined) return undefined;
  const { initiator } = talk.conversation;
  const row = socketsOf(stand.last).find(
    ({ peer, local }) => peer.port === initiator.endpoint.port && local.port === stand.port,
  );
  const unread = row?.receiveQueue ?? 0;
  const had = talk.streams.asked.bytes.length;
  const where =
    unread > 0
      ? {
          en: `${unread} of them were never read (Recv-Q ${unread})`,
          fr: `${unread} n’ont jamais été lus (Recv-Q ${unread})`,
        }
      : { en: 'it read them', fr: 'il les a lus' };
  return {
    id: 'no-answer',
    reason: {
      en: `it returned nothing to ${talk.other}: ${had} bytes arrived, ${where.en}, and no byte came back`,
      fr: `il n’a rien renvoyé à ${talk.other} : ${had} octets sont arrivés, ${where.fr}, et aucun octet n’est revenu`,
    },
    hint: {
      en: 'For what does your program wait before it sends: a full buffer, the end of the stream, another client?',
      fr: 'Qu’attend votre programme avant d’envoyer : un tampon plein, la fin du flux, un autre client ?',
    },
  };
}
