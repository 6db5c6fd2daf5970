// What a run would do, step by step, without doing any of it.

import type { Text } from '../model/language.ts';
import type { Role } from '../model/own-program.ts';
import type { Scenario, Step } from '../model/scenario.ts';
import { describeStep } from '../model/step-text.ts';
import { ruleText } from '../model/wire-text.ts';
import { paint, type TerminalStyle } from './style.ts';
import { headingLines } from './terminal/section.ts';
import { visible } from './visible.ts';
import { wrap } from './width.ts';
import { wordsOf } from './words.ts';

/** What is known before anything is started. */
export interface Planned {
  scenario: Scenario;
  /** Its name, and the Compose file as the user would write it. */
  lab: { name: string; file: string };
  /** A student's programs: a file or a command line for each role that they take. */
  own: { role: Role; by: string }[];
}

const settings = ({ sysctls = {} }: Scenario): [host: string, text: string][] =>
  Object.entries(sysctls).map(([host, keys]) => [
    host,
    Object.entries(keys)
      .map(([key, { value, 'where-known': where }]) => `${key} = ${value}${where ? ' (?)' : ''}`)
      .join(', '),
  ]);

/** The plan as text: what is prepared, the steps with their lines, what will be judged. */
export function dryRunText({ scenario, lab, own }: Planned, style: TerminalStyle): string {
  const { language } = style;
  const { dryRun } = wordsOf(language);
  const before = [
    dryRun.lab(lab.name, lab.file, scenario.hosts.join(', ')),
    ...settings(scenario).map(([host, text]) => dryRun.anew(host, text)),
    ...Object.entries(scenario.programs ?? {}).map(([host, paths]) => dryRun.programs(host, paths.join(', '))),
    ...own.map(({ role, by }) => dryRun.own(role, by)),
    ...(scenario.wire ?? []).map((rule) => dryRun.wire(ruleText(rule)[language])),
  ];
  const judged = scenario.expect.map(({ id, say }) => `${id}: ${say[language].trim()}`);
  return [
    ...headingLines(scenario.title[language].trim(), style),
    ...before.flatMap((line) => item('·', line, style)),
    ...headingLines(dryRun.steps(scenario.steps.length), style),
    ...scenario.steps.flatMap((step, index) => stepLines(step, index + 1, style)),
    ...(judged.length === 0 ? [] : [...headingLines(dryRun.expectations(judged.length), style)]),
    ...judged.flatMap((line) => item('·', line, style)),
    '',
    dryRun.nothing,
  ]
    .join('\n')
    .trimStart();
}

function stepLines(step: Step, number: number, style: TerminalStyle): string[] {
  const { dryRun } = wordsOf(style.language);
  const beside = step.branch === undefined ? '' : `${dryRun.beside(step.branch.number)} `;
  const text = `${beside}${describeStep(step)[style.language]}`;
  const at = paint(style, 'dim', visible(`:${step.place.line}`, style));
  const said = step.say === undefined ? [] : item('', step.say[style.language].trim(), style, 'dim');
  return [...item(`${String(number).padStart(3)}.`, `${text} ${at}`, style), ...said];
}

const indent = 5;

function item(mark: string, text: string, style: TerminalStyle, tone?: 'dim'): string[] {
  const lines = wrap(visible(text, style), style.width - indent);
  return lines.map((line, index) => {
    const head = (index === 0 ? mark : '').padStart(indent - 1);
    return `${head} ${tone ? paint(style, tone, line) : line}`;
  });
}

const placeOf = ({ place: { file, line, col } }: Step): string => `${file}:${line}:${col}`;

/** The plan as JSON, versioned. */
export function dryRunJson({ scenario, lab, own }: Planned) {
  const { name, title, hosts, sysctls = {}, programs = {}, wire = [], steps, expect } = scenario;
  return {
    version: 1,
    ...{ scenario: name, title, lab: lab.name, file: lab.file, hosts, sysctls, programs, own },
    wire: wire.map((rule): Text => ruleText(rule)),
    steps: steps.map((step, index) => ({
      ...{ step: index + 1, verb: step.verb, name: step.name, summary: describeStep(step), say: step.say },
      ...{ at: placeOf(step), round: step.round, branch: step.branch },
    })),
    expectations: expect.map(({ id, kind, say }) => ({ id, kind, say })),
  };
}
