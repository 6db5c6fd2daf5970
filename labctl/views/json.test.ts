import { expect, it } from 'vitest';
import { reportJson } from './json.ts';
import { echoStory } from './stories.ts';

it('is versioned JSON without payloads', () => {
  const json = JSON.parse(reportJson(echoStory()));
  expect(json.version).toBe(1);
  expect(json.run.lab).toBe('tcp');
  expect(json.passages[3].tcp.length).toBe(8);
  expect(json.passages[3].packet).not.toHaveProperty('payload');
});
