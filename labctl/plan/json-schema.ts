// The scenario language as JSON Schema, for editors: made from the schemas that read it, so it cannot say otherwise.

import { z } from 'zod';
import { expectationSchemas } from '../model/expectation.ts';
import { scenarioSchema, stepSchemas } from '../model/scenario.ts';
import { wireChangeSchemas, wireRuleSchemas } from '../model/wire.ts';

const anyOf = (schemas: Readonly<Record<string, z.ZodType>>): z.ZodType =>
  z.union(Object.values(schemas) as [z.ZodType, z.ZodType, ...z.ZodType[]]);

/** A JSON Schema (draft 2020-12) of what a scenario file may say: input, before durations and commands are read. */
export function scenarioJsonSchema(): Record<string, unknown> {
  const wire = stepSchemas.wire.extend({ wire: z.array(anyOf(wireChangeSchemas)).min(1) });
  const whole = scenarioSchema.extend({
    wire: z
      .array(anyOf(wireRuleSchemas))
      .optional()
      .describe('Rules that the network obeys from the first step on; the key that names the rule is its kind.'),
    steps: z
      .array(anyOf({ ...stepSchemas, wire }))
      .min(1)
      .describe('What happens, in order; the key that names the step is its verb.'),
    expect: z.array(anyOf(expectationSchemas)).optional().describe('What must be seen, or with `absent` must not.'),
  });
  const schema = z.toJSONSchema(whole, { target: 'draft-2020-12', io: 'input' });
  return { ...schema, title: 'labctl scenario' };
}
