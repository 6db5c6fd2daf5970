import { expect, it } from 'vitest';
import { jsonReference } from './json-reference.ts';

it('is docs/json.md (write it anew with `vitest -u`)', async () => {
  await expect(jsonReference()).toMatchFileSnapshot('../../docs/json.md');
});
