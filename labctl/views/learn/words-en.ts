// What a lesson at the terminal says, in English. Its shape is the contract: words-fr.ts does not compile with one missing.

import { plural } from '../words/plural-en.ts';

export const english = {
  welcome: (questions: number) =>
    `${plural(questions, 'question')}. First you say what you think will happen; then it happens; then you find out why.`,
  leaving: 'Ctrl-D leaves whenever you like. What you have done is kept.',
  back: 'Welcome back. You go on where you left off.',
  damaged: (file: string) =>
    `What was kept of this lesson could not be read, so it begins anew. The old file is now ${file}`,
  heading: {
    before: (number: number, of: number) => `Before the run: question ${number} of ${of}`,
    turn: 'Your turn',
    byHand: 'By hand',
    question: (number: number, of: number) => `Question ${number} of ${of}`,
    answer: 'The answer',
    evidence: 'What proves it, in this very run',
    done: 'Finished',
  },
  predict: {
    ask: (choices: number) => `What do you think? 1 to ${choices}, or Enter if you would rather not guess.`,
    notOne: (choices: number) => `A number from 1 to ${choices}, please, or just Enter.`,
    kept: 'Noted. The run will tell.',
    none: 'All right. The run will tell.',
  },
  turn: {
    now: 'Now it happens, on real hosts. What each step does is printed as it goes.',
    choose: ['Enter: labctl does it.', 'm: I do it myself first, in other terminals.'],
    enter: 'Enter: let it happen.',
    byHand:
      'Everything is recorded from now on. Give each program a terminal of its own, and do these things in this order:',
    inItsTerminal: (program: string) => `in the terminal of ${program}`,
    whenDone: 'Enter, here, when you have finished.',
    thisWasYou: 'That was you. Now labctl does the same, so that it can be compared with what you predicted.',
    notWhole: 'This run was not completed, so nothing can be compared with it. Let us try again.',
    gone: 'The run that belongs to this lesson is no longer there, so it is made anew.',
  },
  compared: {
    said: (choice: string) => `You said: ${choice}`,
    right: 'And so it was.',
    wrong: 'The run shows something else. Do you see what?',
    undecided: 'This run cannot tell whether that is so.',
  },
  ask: {
    /** Beside the cursor. */
    prompt: (hints: number): string =>
      hints > 0 ? 'Your own words, h for a hint, or Enter for the answer.' : 'Your own words, or Enter for the answer.',
    hint: (number: number, of: number) => `Hint ${number} of ${of}`,
    noHints: 'There are no more hints. Enter shows the answer.',
    yours: (words: string) => `You wrote: ${words}`,
    holds: (choice: string) => `What the run shows: ${choice}`,
    goOn: 'Enter: the next question.',
    notMet: (count: number) =>
      `In this run ${plural(count, 'expectation')} ${count === 1 ? 'was' : 'were'} not met, so it may differ from what is said here: labctl show tells more.`,
  },
  done: {
    well: 'That was the whole lesson. Well done.',
    predictions: (right: number, of: number) =>
      [
        `Of your ${plural(of, 'prediction')}, the run proved ${right} right.`,
        ...(of - right === 1 ? ['The other is the one you have learnt from.'] : []),
        ...(of - right > 1 ? ['The others are the ones you have learnt from.'] : []),
      ].join(' '),
    before: 'You have finished this lesson already.',
    seeAgain: 'the whole run again, with all answers',
    again: 'this lesson from the beginning',
    next: 'the next lesson',
  },
  left: 'Kept. You go on with:',
  list: {
    lesson: 'lesson',
    progress: 'progress',
    what: 'what it is about',
    fresh: 'not begun',
    begun: (answered: number, of: number) => `${answered} of ${of} answered`,
    finished: 'finished',
    none: 'There is no lesson here.',
    begin: 'begin, or go on where you left off',
  },
};

export type LearnWords = typeof english;
