// Faults at the end of a connection: never closed, closed before the client, aborted.

import type { Fault } from '../../model/checked.ts';
import { listenersOf, type Stand, socketsOf, type Talk } from './stand.ts';

/** The client's FIN came, and the server's never went. */
export function neverCloses(stand: Stand): Fault | undefined {
  const { talks, last, port } = stand;
  if (stand.failed === undefined || last === undefined) return undefined;
  const talk = talks.find(
    ({ streams }) => streams.asked.end?.flags.includes('F') && streams.returned.end === undefined,
  );
  if (talk === undefined) return undefined;
  const clientPort = talk.conversation.initiator.endpoint.port;
  const row = socketsOf(last).find(({ local, peer }) => local.port === port && peer.port === clientPort);
  const holders = new Set(row?.owners.map(({ pid }) => pid) ?? []);
  const listening = new Set(listenersOf(last).flatMap(({ owners }) => owners.map(({ pid }) => pid)));
  const byListener = [...holders].some((pid) => listening.has(pid));
  const state = `${row?.state ?? 'CLOSE-WAIT'}, ${[...holders].map((pid) => `pid ${pid}`).join(', ') || 'no process'}`;
  if (byListener && hadChild(stand, clientPort, listening))
    return {
      id: 'parent-keeps-socket',
      reason: {
        en: `it forks without closing: the parent still holds the connection of ${talk.other} that a child served (${state}), so the client’s FIN is never answered by one`,
        fr: `il fait fork() sans fermer : le parent tient encore la connexion de ${talk.other} qu’un enfant a servie (${state}), donc le FIN du client reste sans réponse`,
      },
      hint: {
        en: 'After fork() both processes hold both sockets. A connection ends when its last holder closes it: who still holds it?',
        fr: 'Après fork() les deux processus tiennent les deux sockets. Une connexion finit quand son dernier détenteur la ferme : qui la tient encore ?',
      },
    };
  return {
    id: 'never-closes',
    reason: {
      en: `it never closes the connection of ${talk.other}: 5 s after the client’s FIN its socket is still open (${state})`,
      fr: `il ne ferme jamais la connexion de ${talk.other} : 5 s après le FIN du client son socket est encore ouvert (${state})`,
    },
    hint: {
      en: 'How does your program learn that a client has finished, and what does it do then? Look at what recv() gives.',
      fr: 'Comment votre programme apprend-il qu’un client a fini, et que fait-il alors ? Regardez ce que rend recv().',
    },
  };
}

/** Another process than the listening one had this connection open at some look, or has children now. */
function hadChild({ looks, port }: Stand, clientPort: number, listening: ReadonlySet<number>): boolean {
  const rows = looks
    .flatMap((look) => socketsOf(look))
    .filter(({ local, state }) => local.port === port && state !== 'LISTEN');
  const shared = rows.some(
    ({ owners, peer }) => peer.port === clientPort && owners.some(({ pid }) => !listening.has(pid)),
  );
  return shared || looks.some(({ processes }) => processes.some(({ ppid }) => listening.has(ppid)));
}

/** Whether the server’s side ended before the client’s. */
export const endedFirst = ({ streams: { asked, returned } }: Talk): boolean =>
  returned.end !== undefined && (asked.end === undefined || returned.end.at < asked.end.at);

/** The server's FIN or RST before the client had finished. */
export function closesFirst({ talks, ended }: Stand): Fault | undefined {
  const talk = talks.find((one) => endedFirst(one) && one.conversation.handshake.synAck !== undefined);
  if (talk === undefined || ended) return undefined;
  const aborted = talk.streams.returned.end?.flags.includes('R') === true;
  return {
    id: aborted ? 'aborts' : 'closes-first',
    reason: aborted
      ? {
          en: `it aborted the connection of ${talk.other} with a RST, while the client was still there`,
          fr: `il a coupé la connexion de ${talk.other} par un RST, alors que le client était encore là`,
        }
      : {
          en: `it closed the connection of ${talk.other} before the client had: its FIN is the first`,
          fr: `il a fermé la connexion de ${talk.other} avant le client : son FIN est le premier`,
        },
    hint: {
      en: 'A server that echoes goes on until recv() gives 0: only then has the client finished.',
      fr: 'Un serveur d’écho continue jusqu’à ce que recv() rende 0 : alors seulement le client a fini.',
    },
  };
}

/** A RST after both were through: closed with bytes unread. */
export function resets({ talks }: Stand): Fault | undefined {
  const talk = talks.find(
    ({ conversation, streams }) => conversation.closing === 'reset' && streams.returned.end?.flags.includes('R'),
  );
  if (talk === undefined) return undefined;
  return {
    id: 'aborts',
    reason: {
      en: `it ended the connection of ${talk.other} with a RST instead of a FIN`,
      fr: `il a terminé la connexion de ${talk.other} par un RST au lieu d’un FIN`,
    },
    hint: {
      en: 'A RST comes from closing with bytes unread, from SO_LINGER 0, or from a process that is killed.',
      fr: 'Un RST vient d’une fermeture avec des octets non lus, de SO_LINGER 0, ou d’un processus tué.',
    },
  };
}
