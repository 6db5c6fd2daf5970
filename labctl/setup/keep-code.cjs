// Runs one command line of dist/cli.cjs and keeps what V8 compiled for it beside each file of the bundle: `FILE.code`.
// Written aside and renamed, because a labctl that starts at this moment may read it.

const { renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const scripts = require(join(__dirname, '../../dist/cli.cjs'));

process.once('exit', () => {
  for (const [file, script] of scripts) {
    const aside = `${file}.${process.pid}`;
    writeFileSync(aside, script.createCachedData());
    renameSync(aside, `${file}.code`);
  }
  process.exitCode = 0;
});
