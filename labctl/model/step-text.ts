// One line about a step, in both languages: for `--step`, for a dry run and for the events of a run.

import type { Text } from './language.ts';
import type { Step, StepOf, StepVerb } from './scenario.ts';
import type { Printed } from './scenario-words.ts';
import { changesText } from './wire-text.ts';

type Sayer<Verb extends StepVerb> = (step: StepOf<Verb>) => Text;

/** Milliseconds as a person writes them: `500 ms`, `2 s`. */
const durationText = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`);

const sayers: { [Verb in StepVerb]: Sayer<Verb> } = {
  start: (step) => startText(step),
  type: ({ type, into }) => ({ en: `type "${type}" into ${into}`, fr: `taper « ${type} » dans ${into}` }),
  answer: ({ answer, from }) => {
    const { en, fr } = printedText(answer);
    return { en: `${from} must print ${en}`, fr: `${from} doit afficher ${fr}` };
  },
  silence: ({ silence, from }) => ({
    en: `${from} must print nothing for ${durationText(silence)}`,
    fr: `${from} ne doit rien afficher pendant ${durationText(silence)}`,
  }),
  look: ({ look }) => ({
    en: `look at the sockets and processes of ${look.join(', ')}`,
    fr: `regarder les sockets et les processus de ${look.join(', ')}`,
  }),
  close: ({ close }) => ({ en: `end the input of ${close} (Ctrl-D)`, fr: `fermer l’entrée de ${close} (Ctrl-D)` }),
  'half-close': ({ 'half-close': program }) => ({
    en: `end the input of ${program} (Ctrl-D), until its FIN has left`,
    fr: `fermer l’entrée de ${program} (Ctrl-D), jusqu’au départ de son FIN`,
  }),
  signal: ({ signal, send }) => ({ en: `send SIG${send} to ${signal}`, fr: `envoyer SIG${send} à ${signal}` }),
  pause: ({ pause }) => ({
    en: `pause ${pause}: its programs stop, its kernel goes on`,
    fr: `mettre ${pause} en pause : ses programmes s’arrêtent, son noyau continue`,
  }),
  resume: ({ resume }) => ({
    en: `let the programs of ${resume} go on`,
    fr: `laisser continuer les programmes de ${resume}`,
  }),
  stop: ({ stop, signal = 'TERM' }) => ({
    en: `send SIG${signal} to ${stop} and wait for its end`,
    fr: `envoyer SIG${signal} à ${stop} et attendre sa fin`,
  }),
  exit: ({ exit, code }) => ({
    en: `wait until ${exit} ends${code === undefined ? '' : ` with code ${code}`}`,
    fr: `attendre la fin de ${exit}${code === undefined ? '' : ` avec le code ${code}`}`,
  }),
  children: ({ children, reaped }) => ({
    en: `wait until the children of ${children} have ended${reaped ? ' and none is a zombie' : ''}`,
    fr: `attendre que les enfants de ${children} soient terminés${reaped ? ' et qu’aucun ne soit un zombie' : ''}`,
  }),
  wait: (step) => waitText(step),
  wire: ({ wire }) => changesText(wire),
};

/** A piece of text in quotes, or a pattern. */
const printedText = (printed: Printed): Text =>
  typeof printed === 'string'
    ? { en: `"${printed}"`, fr: `« ${printed} »` }
    : { en: `a line like /${printed.matches}/`, fr: `une ligne comme /${printed.matches}/` };

function startText({ start, on, run, until }: StepOf<'start'>): Text {
  const command = run.join(' ');
  const en = `start ${start} on ${on}: ${command}`;
  const fr = `lancer ${start} sur ${on} : ${command}`;
  if (until === undefined) return { en, fr };
  if ('listens' in until)
    return { en: `${en}, until port ${until.listens} listens`, fr: `${fr}, jusqu’à l’écoute du port ${until.listens}` };
  if ('connected' in until)
    return {
      en: `${en}, until connected to port ${until.connected}`,
      fr: `${fr}, jusqu’à la connexion au port ${until.connected}`,
    };
  const printed = printedText(until.prints);
  return { en: `${en}, until it prints ${printed.en}`, fr: `${fr}, jusqu’à ce qu’il affiche ${printed.fr}` };
}

function waitText({ wait: { port, state, count = 1, queued, unread }, on }: StepOf<'wait'>): Text {
  const bytes =
    unread === undefined
      ? { en: '', fr: '' }
      : { en: ` with ${unread} bytes unread`, fr: ` avec ${unread} octets non lus` };
  const queue =
    queued === undefined
      ? { en: '', fr: '' }
      : { en: ` with ${queued} in its accept queue`, fr: ` avec ${queued} dans sa file d’attente accept` };
  const which = state === undefined ? '' : ` ${state}`;
  const sockets = count === 1 ? 'socket' : 'sockets';
  return {
    en: `wait until ${on} has ${count}${which} ${sockets} on port ${port}${queue.en}${bytes.en}`,
    fr: `attendre que ${on} ait ${count} ${sockets}${which} sur le port ${port}${queue.fr}${bytes.fr}`,
  };
}

/** What the step does, as one line without a full stop. */
export function describeStep(step: Step): Text {
  const say = sayers[step.verb] as (step: Step) => Text;
  const text = say(step);
  const { round } = step;
  if (round === undefined) return text;
  return {
    en: `round ${round.number} of ${round.of}: ${text.en}`,
    fr: `tour ${round.number} sur ${round.of} : ${text.fr}`,
  };
}

/** What steps do that are taken together; of one alone, what it does. */
export function describeTogether(steps: readonly Step[]): Text {
  const texts = steps.map(describeStep);
  const [only] = texts;
  if (only !== undefined && texts.length === 1) return only;
  return {
    en: `at the same time: ${texts.map(({ en }) => en).join('; ')}`,
    fr: `en même temps : ${texts.map(({ fr }) => fr).join(' ; ')}`,
  };
}
