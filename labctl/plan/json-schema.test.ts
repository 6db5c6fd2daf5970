import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { expectationSchemas } from '../model/expectation.ts';
import { blockSchemas, stepSchemas } from '../model/scenario.ts';
import { wireChangeSchemas } from '../model/wire.ts';
import { packageRoot } from '../root.ts';
import { scenarioJsonSchema } from './json-schema.ts';
import { languageReference } from './language-reference.ts';

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
  const steps = (schema['$defs'] as { step: Node }).step.anyOf ?? [];
  const expectations = schema.properties?.expect?.items?.anyOf ?? [];
  for (const [list, schemas] of [
    [steps, { ...stepSchemas, ...blockSchemas }],
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

it('explains every key', () => {
  const missing: string[] = [];
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key !== 'properties') walk(value, Array.isArray(node) ? path : `${path}/${key}`);
      else
        for (const [name, property] of Object.entries(value as Record<string, { description?: string }>)) {
          if (property.description === undefined) missing.push(`${path}/${name}`);
          walk(property, `${path}/${name}`);
        }
    }
  };
  walk(scenarioJsonSchema(), '');
  expect([...new Set(missing)]).toEqual([]);
});

it('is the file that the package ships (write it anew with `labctl validate --schema`)', async () => {
  const text = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../model/scenario.schema.json');
});

it('is named by a line in every shipped scenario, where editors look for it', () => {
  const folder = join(packageRoot, 'scenarios');
  const without = readdirSync(folder)
    .filter((name) => name.endsWith('.yml'))
    .filter((name) => {
      const [, path] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(readFileSync(join(folder, name), 'utf8')) ?? [];
      return path === undefined || !existsSync(join(folder, path));
    });
  expect(without, 'add: # yaml-language-server: $schema=../labctl/model/scenario.schema.json').toEqual([]);
});

it('is told in docs/scenario-language.md (write it anew with `vitest -u`)', async () => {
  const reference = languageReference({
    steps: Object.keys({ ...stepSchemas, ...blockSchemas }),
    expectations: Object.keys(expectationSchemas),
    rules: Object.keys(wireChangeSchemas),
  });
  await expect(reference).toMatchFileSnapshot('../../docs/scenario-language.md');
});
