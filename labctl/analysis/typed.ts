// What was typed into a program beside what it sent: a student's client sends the one, and nothing else.

import type { Report } from '../model/report.ts';

type Typed = Pick<Report, 'events' | 'scenario'>;

/** All that was typed into the program, a line each. */
export const typedInto = (program: string, { events }: Pick<Typed, 'events'>, until = Infinity): string =>
  events
    .flatMap((event) =>
      event.kind === 'typed' && event.program === program && event.at < until
        ? [`${event.text.replace(/\n$/, '')}\n`]
        : [],
    )
    .join('');

/** Whether the scenario starts a student's client by this name. */
export const isOwnClient = (program: string, { scenario }: Pick<Typed, 'scenario'>): boolean =>
  scenario.steps.some((step) => step.verb === 'start' && step.start === program && step.own?.role === 'client');

const withoutEnds = (text: string): string => text.replace(/[\r\n]/g, '');

/** Whether these bytes are what was typed; how the ends of lines are sent is the client's affair. */
export const saysTyped = (bytes: Uint8Array, typed: string): boolean =>
  withoutEnds(Buffer.from(bytes).toString('utf8')) === withoutEnds(typed);
