// What a lesson may name: programs and expectations of the scenario, and nothing that a run could not fill in or decide.

import type { LabError } from '../model/lab-error.ts';
import { programFacts, type Question } from '../model/lesson.ts';
import { complaint } from './complaints.ts';
import { type Names, wrongProgram } from './scenario-names.ts';
import type { Path } from './source.ts';
import { didYouMean } from './suggest.ts';

/** `{port-range}`, `{c1.port}`, `{server.endpoint}`: everything between braces that looks like one of these. */
const placeholder = /\{([a-z][a-z0-9-]*)(?:\.([a-z]+))?\}/g;

const facts = Object.keys(programFacts);
const factsText = facts.map((fact) => `{PROGRAM.${fact}}`).join(', ');
const runFacts = ['port-range'];

/** Placeholders and tables that name what this scenario does not have. */
export function wrongLesson(names: Names): LabError[] {
  const { tables = [], lesson = [] } = names.scenario;
  return [
    ...tables.flatMap(({ calls }, index) => wrongProgram(names, calls, ['tables', index, 'calls'])),
    ...lesson.flatMap((question, index) => wrongQuestion(names, question, ['lesson', index])),
  ];
}

function wrongQuestion(names: Names, { answer, predict = [], evidence = [] }: Question, path: Path): LabError[] {
  const decided = predict.some((choice) => choice.if !== undefined);
  return [
    ...(predict.length === 0 || decided
      ? []
      : [
          complaint(
            'no run could decide this prediction',
            names.source.place([...path, 'predict']),
            'add to the right choice: if: EXPECTATION',
          ),
        ]),
    ...predict.flatMap((choice, index) => wrongExpectation(names, choice.if, [...path, 'predict', index, 'if'])),
    ...wrongExpectation(names, evidence, [...path, 'evidence']),
    ...(['en', 'fr'] as const).flatMap((language) => wrongText(names, answer[language], [...path, 'answer', language])),
  ];
}

/** Ids that no expectation has. */
function wrongExpectation({ source, scenario }: Names, ids: readonly string[] = [], path: Path): LabError[] {
  const known = scenario.expect.map(({ id }) => id);
  return ids
    .filter((id) => !known.includes(id))
    .map((id) => complaint(`no expectation is named "${id}"${didYouMean(id, known)}`, source.place(path)));
}

function wrongText(names: Names, text: string, path: Path): LabError[] {
  return [...text.matchAll(placeholder)].flatMap(([whole, name = '', fact]) => {
    const place = names.source.place(path);
    if (fact === undefined) {
      if (runFacts.includes(name)) return [];
      return [
        complaint(
          `nothing can be put in for ${whole}${didYouMean(name, runFacts)}`,
          place,
          `write ${factsText} or {port-range}`,
        ),
      ];
    }
    const wrong = wrongProgram(names, name, path);
    if (wrong.length > 0 || facts.includes(fact)) return wrong;
    return [complaint(`a program has no "${fact}"${didYouMean(fact, facts)}`, place, `write one of ${factsText}`)];
  });
}
