import { expect, it } from 'vitest';
import { type Step, type StepVerb, stepSchemas } from './scenario.ts';
import { describeStep } from './step-text.ts';

const place = { file: 's.yml', line: 1, col: 1 };
const step = (verb: StepVerb, fields: object): Step =>
  ({ verb, place, ...(stepSchemas[verb].parse({ [verb]: 'c1', ...fields }) as object) }) as Step;

it.each<[Step, string, string]>([
  [
    step('start', { on: 'server', run: 'server 5000' }),
    'start c1 on server: server 5000',
    'lancer c1 sur server : server 5000',
  ],
  [
    step('start', { on: 'server', run: 'server', until: { listens: 5000 } }),
    'start c1 on server: server, until port 5000 listens',
    'lancer c1 sur server : server, jusqu’à l’écoute du port 5000',
  ],
  [step('type', { type: 'hello', into: 'c1' }), 'type "hello" into c1', 'taper « hello » dans c1'],
  [step('answer', { answer: 'hello', from: 'c1' }), 'c1 must print "hello"', 'c1 doit afficher « hello »'],
  [
    step('silence', { silence: '500ms', from: 'c1' }),
    'c1 must print nothing for 500 ms',
    'c1 ne doit rien afficher pendant 500 ms',
  ],
  [
    step('look', { look: ['server', 'client1'] }),
    'look at the sockets and processes of server, client1',
    'regarder les sockets et les processus de server, client1',
  ],
  [step('close', {}), 'end the input of c1 (Ctrl-D)', 'fermer l’entrée de c1 (Ctrl-D)'],
  [
    step('half-close', {}),
    'end the input of c1 (Ctrl-D), until its FIN has left',
    'fermer l’entrée de c1 (Ctrl-D), jusqu’au départ de son FIN',
  ],
  [step('signal', { send: 'KILL' }), 'send SIGKILL to c1', 'envoyer SIGKILL à c1'],
  [
    step('answer', { answer: { matches: '^[0-9]+ letters' }, from: 'c1' }),
    'c1 must print a line like /^[0-9]+ letters/',
    'c1 doit afficher une ligne comme /^[0-9]+ letters/',
  ],
  [
    step('pause', { pause: 'server' }),
    'pause server: its programs stop, its kernel goes on',
    'mettre server en pause : ses programmes s’arrêtent, son noyau continue',
  ],
  [
    step('resume', { resume: 'server' }),
    'let the programs of server go on',
    'laisser continuer les programmes de server',
  ],
  [step('stop', {}), 'send SIGTERM to c1 and wait for its end', 'envoyer SIGTERM à c1 et attendre sa fin'],
  [step('exit', { code: 0 }), 'wait until c1 ends with code 0', 'attendre la fin de c1 avec le code 0'],
  [
    step('wait', { wait: { port: 5000, state: 'LISTEN', queued: 1 }, on: 'server' }),
    'wait until server has 1 LISTEN socket on port 5000 with 1 in its accept queue',
    'attendre que server ait 1 socket LISTEN sur le port 5000 avec 1 dans sa file d’attente accept',
  ],
  [
    step('wait', { wait: { port: 5000, unread: 17 }, on: 'server' }),
    'wait until server has 1 socket on port 5000 with 17 bytes unread',
    'attendre que server ait 1 socket sur le port 5000 avec 17 octets non lus',
  ],
])('%o', (one, en, fr) => {
  expect(describeStep(one)).toEqual({ en, fr });
});
