// The questions of a lesson as a schema: what is asked, what a student may predict, hints, the answer and its evidence.

import { z } from 'zod';
import { name, text } from './scenario-words.ts';

const names = z.union([name, z.array(name).min(1)]).transform((value) => (Array.isArray(value) ? value : [value]));

/** One thing that a student may believe will happen; the run decides whether it does. */
const choiceSchema = z.strictObject({
  say: text.describe('What the student may believe, as a short sentence: “It is refused.”'),
  if: names
    .optional()
    .describe(
      'Expectations of this scenario, by id: the run shows this choice to be right when all of them are met. A choice without it is one that no run shows, there to be chosen by mistake.',
    ),
});

/** What an answer may say of a program of this run, as `{PROGRAM.port}`, and how that reads. */
export const programFacts = {
  port: '`41022`',
  endpoint: '`10.0.0.2:41022`',
  handshake: '`#3–5`',
  segments: '`#3–12`',
  lost: '`#4`',
  again: '`#5`',
  after: '`204 ms`, from a lost segment to its repetition',
  called: '`10.0.0.2:5000`, where it connected to',
  waited: '`1.03 s`, what connect() took',
  error: '`ECONNREFUSED`, how its socket calls failed',
  fins: '`#9, #11`, of both sides',
  resets: '`#7`, of either side',
  losses: '`43`, how many segments of its conversations got lost',
  congestion: '`reno`, the congestion control of its host',
  window: '`161 kB`, the largest congestion window that was measured',
  probes: '`#13`, keep-alive probes that its host sent',
} as const;
export type ProgramFact = keyof typeof programFacts;

const factsText = Object.entries(programFacts).map(([fact, looks]) => `{PROGRAM.${fact}} (${looks})`);

export const questionSchema = z.strictObject({
  ask: text.describe('The question, answerable by looking at this run.'),
  predict: z
    .array(choiceSchema)
    .min(2)
    .max(9)
    .optional()
    .describe(
      'What `labctl learn` lets the student choose from before the run, which is then held against it. At least one has `if`.',
    ),
  hints: z
    .array(text)
    .min(1)
    .optional()
    .describe('Hints in steps, from “look there” to nearly the answer; each is shown only when it is asked for.'),
  answer: text.describe(`May name this run: ${factsText.join('; ')}; {port-range}.`),
  evidence: names
    .optional()
    .describe(
      'Expectations, by id, whose proof (ladder rows, calls, sockets, processes) `labctl learn` draws with the answer; those that `predict` names unless told.',
    ),
});
export type Question = z.output<typeof questionSchema>;
export type Choice = NonNullable<Question['predict']>[number];

/** A prediction held against a run. `undecided`: the evidence is missing. `none`: nothing was predicted. */
export interface Compared {
  outcome: 'right' | 'wrong' | 'undecided' | 'none';
  /** What the student chose. */
  said?: Choice;
  /** What the run shows to be right. */
  holds: Choice[];
}
