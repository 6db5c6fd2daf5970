// What is said of one instant of a run, in both languages.

import type { Language } from '../model/language.ts';

const english = {
  title: (clock: string) => `At ${clock} s`,
  outside: (end: string) => `The run lasts from 0 to ${end} s.`,
  sockets: 'Sockets',
  processes: 'Processes',
  flights: 'On the wire',
  counters: 'Kernel counters, since the recording began',
  since: 'since',
  host: 'host',
  way: 'from → to',
  noSockets: 'no socket yet',
  noProcesses: 'no program is running',
  noFlights: 'no packet is on its way',
  noCounters: 'none has risen',
  queue: (waiting: number, backlog: number | undefined) =>
    `${waiting} to accept${backlog === undefined ? '' : `, backlog ${backlog}`}`,
  /** In a column that is headed `queue`. */
  shortQueue: (waiting: number, backlog: number | undefined) =>
    backlog === undefined ? `${waiting} waiting` : `${waiting} of ${backlog}`,
  unread: (bytes: number) => `${bytes} ${bytes === 1 ? 'byte' : 'bytes'} unread`,
  unacknowledged: (bytes: number) => `${bytes} unacked`,
  nobody: 'no process',
  kernel: 'the kernel',
  unknown: 'not observable',
  runs: 'runs',
  waits: (call: string) => `waits in ${call}`,
  zombie: 'zombie: ended, its parent has not called wait() yet',
  child: (pid: number) => `child of ${pid}`,
  flying: (left: string) => `under way for ${left}`,
  lost: (left: string) => `lost ${left} ago`,
  lostAwaited: (left: string) => `lost ${left} ago, its sender still waits`,
  closed: (count: number) => `${count} closed before`,
};

export type InstantWords = typeof english;

const french: InstantWords = {
  title: (clock) => `À ${clock} s`,
  outside: (end) => `L’exécution dure de 0 à ${end} s.`,
  sockets: 'Sockets',
  processes: 'Processus',
  flights: 'Sur le réseau',
  counters: 'Compteurs du noyau, depuis le début de l’enregistrement',
  since: 'depuis',
  host: 'hôte',
  way: 'de → vers',
  noSockets: 'aucun socket encore',
  noProcesses: 'aucun programme ne tourne',
  noFlights: 'aucun paquet en route',
  noCounters: 'aucun n’a augmenté',
  queue: (waiting, backlog) => `${waiting} à accepter${backlog === undefined ? '' : `, backlog ${backlog}`}`,
  shortQueue: (waiting, backlog) => (backlog === undefined ? `${waiting} en attente` : `${waiting} sur ${backlog}`),
  unread: (bytes) => `${bytes} ${bytes < 2 ? 'octet non lu' : 'octets non lus'}`,
  unacknowledged: (bytes) => `${bytes} non acquittés`,
  nobody: 'aucun processus',
  kernel: 'le noyau',
  unknown: 'non observable',
  runs: 'tourne',
  waits: (call) => `attend dans ${call}`,
  zombie: 'zombie : terminé, son parent n’a pas encore appelé wait()',
  child: (pid) => `enfant de ${pid}`,
  flying: (left) => `en route depuis ${left}`,
  lost: (left) => `perdu il y a ${left}`,
  lostAwaited: (left) => `perdu il y a ${left}, l’émetteur attend encore`,
  closed: (count) => `${count} ${count < 2 ? 'fermé' : 'fermés'} auparavant`,
};

const byLanguage: Record<Language, InstantWords> = { en: english, fr: french };

export const instantWordsOf = (language: Language): InstantWords => byLanguage[language];
