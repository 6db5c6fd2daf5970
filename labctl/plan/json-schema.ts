// The scenario language as JSON Schema, for editors: made from the schemas that read it, so it cannot say otherwise.

import { z } from 'zod';
import { expectationSchemas } from '../model/expectation.ts';
import { blockSchemas, scenarioSchema, stepSchemas } from '../model/scenario.ts';
import { wireChangeSchemas, wireRuleSchemas } from '../model/wire.ts';

type Json = Record<string, unknown>;

const anyOf = (schemas: Readonly<Record<string, z.ZodType>>): z.ZodType =>
  z.union(Object.values(schemas) as [z.ZodType, z.ZodType, ...z.ZodType[]]);

const toJson = (schema: z.ZodType): Json => z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' }) as Json;

const step: Json = { $ref: '#/$defs/step' };

/** Every kind of step; blocks hold steps again. In a `repeat` a name may have the number of the round in it. */
function stepDefinition(): Json {
  const wire = stepSchemas.wire.extend({
    wire: z.array(anyOf(wireChangeSchemas)).min(1).describe('Rules that the network obeys from now on, or no longer.'),
  });
  const { $schema: _, ...all } = toJson(anyOf({ ...stepSchemas, wire, ...blockSchemas }));
  return withRounds(holding(all, { steps: step, parallel: { type: 'array', items: step, minItems: 1 } })) as Json;
}

/** Says what the lists of these names hold, wherever they stand. */
function holding(node: unknown, lists: Record<string, Json>): unknown {
  if (Array.isArray(node)) return node.map((entry) => holding(entry, lists));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      const items = Object.hasOwn(lists, key) && isList(value) ? lists[key] : undefined;
      return [key, items === undefined ? holding(value, lists) : { ...value, items }];
    }),
  );
}

const isList = (value: unknown): value is Json => (value as Json | null)?.['type'] === 'array';

const plainName = '^[a-z][a-z0-9-]{0,39}$';
const nameWithRound = '^[a-z](?:[a-z0-9-]|\\{round\\}){0,39}$';

function withRounds(node: unknown): unknown {
  if (node === plainName) return nameWithRound;
  if (Array.isArray(node)) return node.map(withRounds);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withRounds(value)]));
}

/** A JSON Schema (draft 2020-12) of what a scenario file may say: input, before durations and commands are read. */
export function scenarioJsonSchema(): Json {
  const whole = scenarioSchema.extend({
    wire: z
      .array(anyOf(wireRuleSchemas))
      .optional()
      .describe('Rules that the network obeys from the first step on; the key that names the rule is its kind.'),
    steps: z.array(z.unknown()).min(1).describe('What happens, in order; the key that names the step is its verb.'),
    expect: z.array(anyOf(expectationSchemas)).optional().describe('What must be seen, or with `absent` must not.'),
  });
  const schema = toJson(whole);
  const properties = schema['properties'] as Record<string, Json>;
  return {
    ...schema,
    title: 'labctl scenario',
    properties: { ...properties, steps: { ...properties['steps'], items: step } },
    $defs: { step: stepDefinition() },
  };
}
