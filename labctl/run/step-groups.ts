// Which steps are taken together: those of one `parallel`; every other step is alone.

import type { Step } from '../model/scenario.ts';

/** A step and its number, counted from 1. */
export interface Numbered {
  step: Step;
  number: number;
}

/** In order; the steps of one `parallel` in one round stand next to each other. */
export function groupsOf(steps: readonly Step[]): Numbered[][] {
  const groups: Numbered[][] = [];
  for (const [index, step] of steps.entries()) {
    const numbered = { step, number: index + 1 };
    const last = groups.at(-1);
    if (last && isBeside(step, last[0]?.step)) last.push(numbered);
    else groups.push([numbered]);
  }
  return groups;
}

const isBeside = ({ branch }: Step, other: Step | undefined): boolean =>
  branch !== undefined && branch.group === other?.branch?.group;
