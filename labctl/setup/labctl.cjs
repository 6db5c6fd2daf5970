#!/usr/bin/env node
// What `npx labctl` and `npm link` find in a clone, compiled or not: npx never looks again for a program that was
// missing when it was first asked for. Prepares the clone if need be, then hands over to cli.ts. CommonJS, as what it
// hands over to: modules would cost 5 ms before their first line.

const { existsSync } = require('node:fs');
const { join } = require('node:path');

const cli = join(__dirname, '../../dist/cli.cjs');
if (existsSync(cli)) require(cli);
else void import('./prepare.mjs').then(() => require(cli));
