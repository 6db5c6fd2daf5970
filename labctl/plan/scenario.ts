// Scenario text → Scenario. Everything is read and checked before anything of it is done: a typo costs no started lab.

import { basename } from 'node:path';
import { type Expectation, expectationSchemas } from '../model/expectation.ts';
import type { Lab } from '../model/lab.ts';
import type { LabError, Place } from '../model/lab-error.ts';
import { type Scenario, scenarioSchema } from '../model/scenario.ts';
import { cutName, type WireRule, wireChangeSchemas, wireRuleSchemas } from '../model/wire.ts';
import { type Choice, type Chosen, readChoices } from './choice.ts';
import { complaintsOf, refuse } from './complaints.ts';
import { wrongExpectations } from './expectation-check.ts';
import { wrongLesson } from './lesson-check.ts';
import { wrongRoles } from './role-check.ts';
import { type Names, namesOf, wrongHost } from './scenario-names.ts';
import { type Path, readSource, type Source, valueAt } from './source.ts';
import { wrongSteps } from './step-check.ts';
import { StepReader } from './steps.ts';
import { wrongSysctls } from './sysctl-check.ts';
import { type ReadChange, wrongWire } from './wire-check.ts';

const rules: Choice = { noun: 'rule', schemas: wireRuleSchemas };
const changes: Choice = { noun: 'rule', schemas: wireChangeSchemas };
const expectations: Choice = { noun: 'expectation', schemas: expectationSchemas };

/** The name by which a scenario is run: its file's, without the ending. */
export const scenarioName = (file: string): string => basename(file).replace(/\.ya?ml$/, '');

/** The Compose file that a scenario brings along, as it is written there, before anything else of it is read. */
export function labOf(text: string, shown: string): { path: string; place: Place } | undefined {
  const source = readSource(text, shown);
  const path = valueAt(source.value, ['lab']);
  return typeof path === 'string' ? { path, place: source.place(['lab']) } : undefined;
}

/**
 * Reads the text of a scenario file for this lab. `file` is its path, `shown` the path that complaints name.
 * Throws LabError or LabErrors (usage) with places: all that is wrong with the file, in its order.
 */
export function readScenario(text: string, file: string, lab: Lab, shown = file): Scenario {
  const source = readSource(text, shown);
  const found: LabError[] = [];
  const parsed = scenarioSchema.safeParse(source.value);
  if (!parsed.success) found.push(...complaintsOf(parsed.error, { source, schema: scenarioSchema, base: [] }));
  const standing = changesIn(source, ['wire'], listOf(source, ['wire']), rules, found);
  const before = found.length;
  const readSteps = new StepReader(source, found).read(['steps'], listOf(source, ['steps']));
  const stepsAreWhole = found.length === before;
  const changed = readSteps.flatMap(({ value, path }) => {
    if (value.verb !== 'wire') return [];
    const read = changesIn(source, [...path, 'wire'], value.wire, changes, found);
    value.wire = read.map((change) => change.value);
    return read;
  });
  const readExpect = listAt(source, ['expect'], expectations, found).map(
    (one) => placed(source, one, 'kind') as Read<Expectation>,
  );
  if (parsed.data === undefined) throw refused(found);
  const frame = {
    ...parsed.data,
    wire: standing.length === 0 ? undefined : standing.map(({ value }) => value as WireRule),
    steps: readSteps.map(({ value }) => value),
    expect: readExpect.map(({ value }) => value),
  };
  const scenario: Scenario = { ...frame, name: scenarioName(file), file };
  const names: Names = namesOf(source, lab, scenario);
  found.push(
    ...wrongSteps(names, readSteps),
    ...wrongSysctls(names),
    ...wrongPrograms(names),
    ...wrongWire(names, [...standing, ...changed]),
  );
  // What expectations refer to is only known once every step could be read.
  if (stepsAreWhole)
    found.push(
      ...wrongExpectations(names, readExpect),
      ...wrongRoles(names, readSteps, readExpect),
      ...wrongLesson(names),
    );
  refuse(found);
  return scenario;
}

/** A step or expectation with the path at which it stands. */
export interface Read<T> {
  value: T;
  path: (string | number)[];
}

function listAt(source: Source, path: Path, choice: Choice, found: LabError[]): Chosen[] {
  return readChoices(source, path, listOf(source, path), choice, found);
}

function listOf(source: Source, path: Path): unknown[] {
  const list = valueAt(source.value, path);
  return Array.isArray(list) ? list : [];
}

/** A cut has a name by what is cut, and healing is the removal of that. */
const changesIn = (
  source: Source,
  path: Path,
  list: readonly unknown[],
  choice: Choice,
  found: LabError[],
): ReadChange[] =>
  readChoices(source, path, list, choice, found).map((chosen) => {
    const { key, value } = chosen;
    const ends = (value[key] ?? []) as string[];
    const named = key === 'cut' ? { rule: cutName(ends) } : key === 'heal' ? { remove: cutName(ends) } : {};
    const one = { ...chosen, key: key === 'heal' ? 'remove' : key, value: { ...named, ...value } };
    return placed(source, one, 'kind') as ReadChange;
  });

const placed = (source: Source, { key, path, value }: Chosen, tag: 'kind'): Read<unknown> => ({
  value: { [tag]: key, place: source.place(path), ...value },
  path: [...path],
});

const wrongPrograms = (names: Names): LabError[] =>
  Object.keys(names.scenario.programs ?? {}).flatMap((host) => wrongHost(names, host, ['programs', host]));

/** Throws the complaints; the return type tells the compiler that nothing comes after. */
function refused(found: LabError[]): Error {
  refuse(found);
  return new Error('a schema that failed said nothing');
}
