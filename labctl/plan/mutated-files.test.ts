// Whatever becomes of a file, its reader gives a value or complaints with a place in that file, and nothing else: a short
// part of `npm run torture -- mutated-files`.

import { expect, it } from 'vitest';
import { checkMutations, kinds } from '../../torture/mutations.ts';

/** A slow machine takes a second or two. */
const patience = 60_000;

it.each(kinds)('%s', (kind) => expect(checkMutations(kind, 5000, 150)).toBeUndefined(), patience);
