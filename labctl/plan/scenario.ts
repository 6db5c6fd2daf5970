// Scenario text → Scenario. Everything is read and checked before anything of it is done: a typo costs no started lab.

import { basename } from 'node:path';
import type { Lab } from '../model/lab.ts';
import type { LabError } from '../model/lab-error.ts';
import {
  type Expectation,
  expectationSchemas,
  type Scenario,
  type Step,
  scenarioSchema,
  stepSchemas,
} from '../model/scenario.ts';
import { type Choice, type Chosen, readChoices } from './choice.ts';
import { complaintsOf, isRecord, refuse } from './complaints.ts';
import { wrongExpectations } from './expectation-check.ts';
import { wrongLesson } from './lesson-check.ts';
import { type Names, namesOf } from './scenario-names.ts';
import { readSource, type Source } from './source.ts';
import { wrongSteps } from './step-check.ts';

const steps: Choice = { noun: 'step', schemas: stepSchemas };
const expectations: Choice = { noun: 'expectation', schemas: expectationSchemas };

/** The name by which a scenario is run: its file's, without the ending. */
export const scenarioName = (file: string): string => basename(file).replace(/\.ya?ml$/, '');

/**
 * Reads the text of a scenario file for this lab. `file` is its path, `shown` the path that complaints name.
 * Throws LabError or LabErrors (usage) with places: all that is wrong with the file, in its order.
 */
export function readScenario(text: string, file: string, lab: Lab, shown = file): Scenario {
  const source = readSource(text, shown);
  const found: LabError[] = [];
  const parsed = scenarioSchema.safeParse(source.value);
  if (!parsed.success) found.push(...complaintsOf(parsed.error, { source, schema: scenarioSchema, base: [] }));
  const readSteps = listAt(source, 'steps', steps, found).map((chosen) => placed(source, chosen, 'verb') as Read<Step>);
  const readExpect = listAt(source, 'expect', expectations, found).map(
    (one) => placed(source, one, 'kind') as Read<Expectation>,
  );
  if (parsed.data === undefined) throw refused(found);
  const frame = {
    ...parsed.data,
    steps: readSteps.map(({ value }) => value),
    expect: readExpect.map(({ value }) => value),
  };
  const scenario: Scenario = { ...frame, name: scenarioName(file), file };
  const names: Names = namesOf(source, lab, scenario);
  found.push(...wrongSteps(names, readSteps));
  // What expectations refer to is only known once every step could be read.
  const stepsAreWhole = readSteps.length === parsed.data.steps.length;
  if (stepsAreWhole) found.push(...wrongExpectations(names, readExpect), ...wrongLesson(names));
  refuse(found);
  return scenario;
}

/** A step or expectation with the path at which it stands. */
export interface Read<T> {
  value: T;
  path: (string | number)[];
}

function listAt(source: Source, key: string, choice: Choice, found: LabError[]): Chosen[] {
  const list = isRecord(source.value) ? source.value[key] : undefined;
  return Array.isArray(list) ? readChoices(source, [key], list, choice, found) : [];
}

const placed = (source: Source, { key, path, value }: Chosen, tag: 'verb' | 'kind'): Read<unknown> => ({
  value: { [tag]: key, place: source.place(path), ...value },
  path: [...path],
});

/** Throws the complaints; the return type tells the compiler that nothing comes after. */
function refused(found: LabError[]): Error {
  refuse(found);
  return new Error('a schema that failed said nothing');
}
