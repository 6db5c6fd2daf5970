import { expect, it } from 'vitest';
import { expectationSchemas } from '../model/expectation.ts';
import { stepSchemas } from '../model/scenario.ts';
import { scenarioJsonSchema } from './json-schema.ts';

interface Node {
  additionalProperties?: boolean;
  properties?: Record<string, Node>;
  required?: string[];
  items?: Node;
  anyOf?: Node[];
}

it('offers an editor every step and expectation as a strict map, as it is written and not as it is read', () => {
  const schema = scenarioJsonSchema() as Node & Record<string, unknown>;
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  const steps = schema.properties?.steps?.items?.anyOf ?? [];
  const expectations = schema.properties?.expect?.items?.anyOf ?? [];
  for (const [list, schemas] of [
    [steps, stepSchemas],
    [expectations, expectationSchemas],
  ] as const) {
    expect(list).toHaveLength(Object.keys(schemas).length);
    for (const [index, key] of Object.keys(schemas).entries()) {
      expect(list[index]?.required).toContain(key);
      expect(list[index]?.additionalProperties).toBe(false);
    }
  }
  const changes = steps.find(({ required }) => required?.includes('wire'))?.properties?.['wire']?.items?.anyOf ?? [];
  expect(changes.map(({ required }) => required)).toEqual([
    ['rule', 'drop'],
    ['cut'],
    ['rule', 'rate', 'to'],
    ['rule', 'delay', 'to'],
    ['heal'],
    ['remove'],
  ]);
  expect(schema.properties?.['wire']?.items?.anyOf).toHaveLength(4);
  expect(steps[0]?.properties?.within).toMatchObject({ type: 'string' });
  expect(steps[0]?.properties?.run).toMatchObject({ anyOf: [{ type: 'string' }, { type: 'array' }] });
});
