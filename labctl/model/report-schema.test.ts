import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { z } from 'zod';
import { analyse } from '../analysis/analyse.ts';
import { readRun } from '../folder/read-run.ts';
import { packageRoot } from '../root.ts';
import { type JsonReport, reportJson } from '../views/json.ts';
import { echoStory, judgedStory, loopbackStory, lossStory, queueStory } from '../views/stories.ts';
import { reportJsonSchema, reportSchema } from './report-schema.ts';

it('describes the reports of stories and of a recorded run', async () => {
  const recorded = analyse(await readRun(join(packageRoot, 'labctl/analysis/fixtures/lossy')));
  for (const report of [echoStory(), judgedStory(), loopbackStory(), lossStory(), queueStory(), recorded]) {
    const parsed = reportSchema.safeParse(JSON.parse(reportJson(report)));
    expect(parsed.error?.issues ?? []).toEqual([]);
  }
});

it('names no field that reports do not have, and gives each the type it has', () => {
  // The compiler looks at this line; there is nothing to run.
  const fits = (report: JsonReport): z.input<typeof reportSchema> => report;
  expect(fits).toBeTypeOf('function');
});

it('is the schema file that the package ships (write it anew with `labctl show --schema`)', () => {
  const shipped: unknown = JSON.parse(readFileSync(join(packageRoot, 'labctl/model/report.schema.json'), 'utf8'));
  expect(reportJsonSchema()).toEqual(shipped);
});
