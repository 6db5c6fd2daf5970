#!/usr/bin/env node
// What `npx labctl` and `npm link` find in a clone, compiled or not: npx never looks again for a program that was
// missing when it was first asked for. Prepares the clone if need be, then hands over to cli.ts.

import { existsSync } from 'node:fs';

const cli = new URL('../../dist/cli.js', import.meta.url);
const ready = existsSync(cli) ? Promise.resolve() : import('./prepare.mjs');
void ready.then(() => import(cli.href));
