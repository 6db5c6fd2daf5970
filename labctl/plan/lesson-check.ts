// What the answers and tables of a lesson may name: programs of the scenario, and nothing that a run could not fill in.

import type { LabError } from '../model/lab-error.ts';
import { complaint } from './complaints.ts';
import { type Names, wrongProgram } from './scenario-names.ts';
import { didYouMean } from './suggest.ts';

/** `{port-range}`, `{c1.port}`, `{server.endpoint}`: everything between braces that looks like one of these. */
const placeholder = /\{([a-z][a-z0-9-]*)(?:\.([a-z]+))?\}/g;

const facts = ['port', 'endpoint', 'handshake', 'segments', 'lost', 'again', 'after'];
const factsText = facts.map((fact) => `{PROGRAM.${fact}}`).join(', ');
const runFacts = ['port-range'];

/** Placeholders and tables that name what this scenario does not have. */
export function wrongLesson(names: Names): LabError[] {
  const { tables = [], lesson = [] } = names.scenario;
  return [
    ...tables.flatMap(({ calls }, index) => wrongProgram(names, calls, ['tables', index, 'calls'])),
    ...lesson.flatMap(({ answer }, index) =>
      (['en', 'fr'] as const).flatMap((language) =>
        wrongText(names, answer[language], ['lesson', index, 'answer', language]),
      ),
    ),
  ];
}

function wrongText(names: Names, text: string, path: (string | number)[]): LabError[] {
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
