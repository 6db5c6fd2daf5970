// Faults of a server before its first client: it ends, or listens elsewhere, or not at all.

import type { Fault } from '../../model/checked.ts';
import { endpointText } from '../../model/endpoint.ts';
import { endText, isEverywhere, listenersOf, printedText, type Stand, socketsOf } from './stand.ts';

const neverListened = ({ talks, looks, port, failed }: Stand): boolean =>
  failed !== undefined &&
  talks.every(({ conversation }) => conversation.closing === 'refused') &&
  !looks.some((look) => listenersOf(look).some(({ local }) => local.port === port));

/** How shells say that a program, or what its first line names, is not there. */
const notFound = 127;
const interpreter = {
  en: 'A script’s first line (#!…) names the program that runs it. Is that there, and does the line end without a carriage return (\\r, as Windows writes it)?',
  fr: 'La première ligne d’un script (#!…) nomme le programme qui l’exécute. Existe-t-il, et la ligne finit-elle sans retour chariot (\\r, comme l’écrit Windows) ?',
};

/** It ended before it listened. */
export function endsAtOnce(stand: Stand): Fault | undefined {
  if (!neverListened(stand) || stand.ended === undefined) return undefined;
  const [end, printed] = [endText(stand.ended.code), printedText(stand)];
  return {
    id: 'does-not-start',
    reason: {
      en: `it does not start: it ended ${end.en} before anything listened on port ${stand.port}.${printed.en}`,
      fr: `il ne démarre pas : il s’est terminé ${end.fr} avant que quelque chose n’écoute le port ${stand.port}.${printed.fr}`,
    },
    hint:
      stand.ended.code === notFound
        ? interpreter
        : {
            en: 'Start it by hand as labctl does, in its folder and with the port behind its name. What does it say, and which call fails?',
            fr: 'Lancez-le à la main comme labctl, dans son dossier et avec le port derrière son nom. Que dit-il, et quel appel échoue ?',
          },
  };
}

/** It waits for clients where none will come. */
export function listensElsewhere(stand: Stand): Fault | undefined {
  const [other] = listenersOf(stand.last);
  if (!neverListened(stand) || other === undefined) return undefined;
  return {
    id: 'wrong-port',
    reason: {
      en: `it listens on the wrong port: on ${endpointText(other.local)}, while port ${stand.port} was asked for`,
      fr: `il écoute le mauvais port : ${endpointText(other.local)}, alors que le port ${stand.port} était demandé`,
    },
    hint: {
      en: 'The port is the first argument, and PORT in the environment. Does it get to bind(), and in network byte order?',
      fr: 'Le port est le premier argument, et PORT dans l’environnement. Arrive-t-il jusqu’à bind(), et dans l’ordre du réseau ?',
    },
  };
}

/** So many processes of one program are no server any more. */
const tooMany = 100;

/** It starts processes until its host takes no more. */
export function bursts(stand: Stand): Fault | undefined {
  const many = Math.max(0, ...stand.looks.map(({ processes }) => processes.length));
  if (stand.failed === undefined || many < tooMany) return undefined;
  return {
    id: 'too-many-processes',
    reason: {
      en: `it starts processes without end: ${many} of them were there, as many as its host takes`,
      fr: `il lance des processus sans fin : il y en avait ${many}, autant que son hôte en accepte`,
    },
    hint: {
      en: 'Who calls fork(), and does the child leave the loop that called it?',
      fr: 'Qui appelle fork(), et l’enfant quitte-t-il la boucle qui l’a appelé ?',
    },
  };
}

export function neverListens(stand: Stand): Fault | undefined {
  if (!neverListened(stand) || stand.ended !== undefined) return undefined;
  const udp = socketsOf(stand.last).some(({ protocol, local }) => protocol === 'udp' && local.port === stand.port);
  const printed = printedText(stand);
  const what = udp
    ? { en: 'a UDP socket is there, and TCP was asked for', fr: 'il y a un socket UDP, et c’est TCP qui était demandé' }
    : { en: 'no socket listens', fr: 'aucun socket n’écoute' };
  return {
    id: 'never-listens',
    reason: {
      en: `it does not start: after 5 s ${what.en} on port ${stand.port}.${printed.en}`,
      fr: `il ne démarre pas : après 5 s ${what.fr} sur le port ${stand.port}.${printed.fr}`,
    },
    hint: {
      en: 'Which of the steps socket(), bind(), listen() is the last that your program reaches?',
      fr: 'Parmi les étapes socket(), bind(), listen(), quelle est la dernière que votre programme atteint ?',
    },
  };
}

/** On :: alone (IPV6_V6ONLY), which takes no IPv4. */
export function ipv6Only({ looks, port, talks }: Stand): Fault | undefined {
  const rows = looks.flatMap((look) => listenersOf(look)).filter(({ local }) => local.port === port);
  const refused = talks.some(({ conversation }) => conversation.closing === 'refused');
  if (!refused || rows.length === 0 || !rows.every(({ local }) => local.address === '::')) return undefined;
  return {
    id: 'ipv6-only',
    reason: {
      en: `it listens for IPv6 only, on ${endpointText({ address: '::', port })}: clients that call by IPv4 are refused`,
      fr: `il n’écoute qu’en IPv6, sur ${endpointText({ address: '::', port })} : les clients qui appellent en IPv4 sont refusés`,
    },
    hint: {
      en: 'A socket on :: takes IPv4 too unless IPV6_V6ONLY is set. What is it here?',
      fr: 'Un socket sur :: accepte aussi l’IPv4 sauf si IPV6_V6ONLY est mis. Qu’en est-il ici ?',
    },
  };
}

/** It knows one family, and somebody called by the other: a client that tries each address of a name hides it. */
export function ipv4Only({ looks, talks, port }: Stand): Fault | undefined {
  const rows = looks.flatMap((look) => listenersOf(look)).filter(({ local }) => local.port === port);
  const refused = talks.find(
    ({ conversation: { closing, responder } }) => closing === 'refused' && responder.endpoint.address.includes(':'),
  );
  if (refused === undefined || rows.length === 0 || rows.some(({ local }) => local.address.includes(':')))
    return undefined;
  const [called, listens] = [
    endpointText(refused.conversation.responder.endpoint),
    [...new Set(rows.map(({ local }) => endpointText(local)))].join(', '),
  ];
  return {
    id: 'ipv4-only',
    reason: {
      en: `it listens over IPv4 only, on ${listens}: ${refused.other}, which called ${called}, was refused`,
      fr: `il n’écoute qu’en IPv4, sur ${listens} : ${refused.other}, qui appelait ${called}, a été refusé`,
    },
    hint: {
      en: 'Of which family is your socket (AF_INET, AF_INET6)? Which address of IPv6 means "all of this host’s", and does it take IPv4 too?',
      fr: 'De quelle famille est votre socket (AF_INET, AF_INET6) ? Quelle adresse d’IPv6 veut dire « toutes celles de cet hôte », et accepte-t-elle aussi l’IPv4 ?',
    },
  };
}

/** Bound to one of the host's addresses: who calls another is refused. */
export function oneAddress({ looks, port }: Stand): Fault | undefined {
  const rows = looks.flatMap((look) => listenersOf(look)).filter(({ local }) => local.port === port);
  if (rows.length === 0 || rows.some(({ local }) => isEverywhere(local))) return undefined;
  const each = [...new Set(rows.map(({ local }) => endpointText(local)))];
  const [where, which] = [each.join(', '), each.length];
  return {
    id: 'one-address',
    reason: {
      en: `it listens on ${which === 1 ? 'one address' : `${which} addresses`} only, ${where}: clients that call another address of this host are refused`,
      fr: `il n’écoute ${which === 1 ? 'qu’une adresse' : `que ${which} adresses`}, ${where} : les clients qui appellent une autre adresse de cet hôte sont refusés`,
    },
    hint: {
      en: 'Look at the local address of the LISTEN row (ss -ltn). Which address means "all of this host’s"?',
      fr: 'Regardez l’adresse locale de la ligne LISTEN (ss -ltn). Quelle adresse veut dire « toutes celles de cet hôte » ?',
    },
  };
}
