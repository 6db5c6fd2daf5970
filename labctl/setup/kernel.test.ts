import { describe, expect, it } from 'vitest';
import { parseAbilities } from './kernel.ts';

describe('parseAbilities', () => {
  it('reads what was tried', () => {
    expect(parseAbilities('inside\nbridge yes\nnetem no\nwireRules unknown\n')).toEqual({
      bridge: 'yes',
      netem: 'no',
      wireRules: 'unknown',
    });
  });

  it('knows nothing where no namespace could be made', () => {
    expect(parseAbilities('')).toEqual({ bridge: 'unknown', netem: 'unknown', wireRules: 'unknown' });
  });
});
