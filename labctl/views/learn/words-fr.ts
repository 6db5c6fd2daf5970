// What a lesson at the terminal says, in French.

import { plural } from '../words/plural-fr.ts';
import type { LearnWords } from './words-en.ts';

export const french: LearnWords = {
  welcome: (questions) =>
    `${plural(questions, 'question')}. D’abord vous dites ce qui va se passer selon vous ; puis cela se passe ; puis vous découvrez pourquoi.`,
  leaving: 'Ctrl-D pour partir quand vous voulez. Ce que vous avez fait est gardé.',
  back: 'Bon retour. Vous reprenez là où vous en étiez.',
  damaged: (file) =>
    `Ce qui était gardé de cette leçon est illisible : elle recommence. L’ancien fichier est désormais ${file}`,
  heading: {
    before: (number, of) => `Avant l’exécution : question ${number} sur ${of}`,
    turn: 'À vous',
    byHand: 'À la main',
    question: (number, of) => `Question ${number} sur ${of}`,
    answer: 'La réponse',
    evidence: 'Ce qui le prouve, dans cette exécution même',
    done: 'Terminé',
  },
  predict: {
    ask: (choices) => `Qu’en pensez-vous ? 1 à ${choices}, ou Entrée si vous préférez ne pas deviner.`,
    notOne: (choices) => `Un nombre de 1 à ${choices}, s’il vous plaît, ou seulement Entrée.`,
    kept: 'C’est noté. L’exécution le dira.',
    none: 'Très bien. L’exécution le dira.',
  },
  turn: {
    now: 'Maintenant cela se passe, sur de vrais hôtes. Chaque étape s’affiche au fur et à mesure.',
    choose: ['Entrée : labctl s’en charge.', 'm : je le fais d’abord moi-même, dans d’autres terminaux.'],
    enter: 'Entrée : allons-y.',
    byHand:
      'Tout est enregistré à partir de maintenant. Donnez à chaque programme son propre terminal, et faites ceci dans cet ordre :',
    inItsTerminal: (program) => `dans le terminal de ${program}`,
    whenDone: 'Entrée, ici, quand vous avez fini.',
    thisWasYou: 'C’était vous. Maintenant labctl fait de même, pour comparer avec ce que vous aviez prévu.',
    notWhole: 'Cette exécution n’est pas allée au bout : rien ne peut lui être comparé. Essayons encore.',
    gone: 'L’exécution de cette leçon n’est plus là : elle est refaite.',
  },
  compared: {
    said: (choice) => `Vous aviez dit : ${choice}`,
    right: 'Et c’était bien cela.',
    wrong: 'L’exécution montre autre chose. Voyez-vous quoi ?',
    undecided: 'Cette exécution ne permet pas d’en juger.',
  },
  ask: {
    prompt: (hints) =>
      hints > 0
        ? 'Vos propres mots, h pour un indice, ou Entrée pour la réponse.'
        : 'Vos propres mots, ou Entrée pour la réponse.',
    hint: (number, of) => `Indice ${number} sur ${of}`,
    noHints: 'Il n’y a plus d’indice. Entrée montre la réponse.',
    yours: (words) => `Vous avez écrit : ${words}`,
    holds: (choice) => `Ce que montre l’exécution : ${choice}`,
    goOn: 'Entrée : la question suivante.',
    notMet: (count) =>
      `Dans cette exécution ${plural(count, 'attente')} ${count < 2 ? 'n’a pas été satisfaite' : 'n’ont pas été satisfaites'} : elle peut différer de ce qui est dit ici. labctl show en dit plus.`,
  },
  done: {
    well: 'C’était toute la leçon. Bravo.',
    predictions: (right, of) =>
      [
        `Sur ${plural(of, 'prévision')}, l’exécution vous a donné raison ${right} fois.`,
        ...(of - right === 1 ? ['L’autre est celle qui vous a appris quelque chose.'] : []),
        ...(of - right > 1 ? ['Les autres sont celles qui vous ont appris quelque chose.'] : []),
      ].join(' '),
    before: 'Vous avez déjà terminé cette leçon.',
    seeAgain: 'toute l’exécution, avec toutes les réponses',
    again: 'cette leçon depuis le début',
    next: 'la leçon suivante',
  },
  left: 'C’est gardé. Pour continuer :',
  list: {
    lesson: 'leçon',
    progress: 'avancement',
    what: 'de quoi il s’agit',
    fresh: 'pas commencée',
    begun: (answered, of) => `${answered} sur ${of} répondues`,
    finished: 'terminée',
    none: 'Il n’y a pas de leçon ici.',
    begin: 'commencer, ou reprendre là où vous en étiez',
  },
};
