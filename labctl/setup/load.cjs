#!/usr/bin/env node
// Starts the bundle, as dist/cli.cjs: with the code that V8 compiled when it was built (keep-code.cjs), where this is the
// same Node. To parse and compile takes labctl as long as all that it does for `exec`; V8 itself refuses what another
// version left. (Node 22.1 has node:module.enableCompileCache, which would have to write where labctl may not.)

const { existsSync, readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

/** File → its script, for whoever keeps their code. */
const scripts = new Map();
const modules = new Map();

function load(file) {
  const known = modules.get(file);
  if (known) return known.exports;
  const module = { exports: {} };
  modules.set(file, module);
  const folder = dirname(file);
  // Parts of the bundle name each other by path; what stays outside of it is found from here.
  const find = (name) => (name.startsWith('.') ? load(join(folder, name)) : require(name));
  scriptOf(file).runInThisContext()(module.exports, find, module, file, folder);
  return module.exports;
}

function scriptOf(filename) {
  const text = readFileSync(filename, 'utf8').replace(/^#!.*/, '');
  const kept = `${filename}.code`;
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${text}\n})`, {
    filename,
    ...(existsSync(kept) ? { cachedData: readFileSync(kept) } : {}),
  });
  scripts.set(filename, script);
  return script;
}

load(join(__dirname, 'bundle/cli.cjs'));

module.exports = scripts;
