// How dist/ is bundled: one file for what every command loads, one for each part that is loaded when needed. As CommonJS:
// Node finds and starts such files in half the time that modules take. Packages that are heavy, or not made for
// bundling, stay outside.

/** What stands between `labctl exec` and its program, with all that it imports: one file, because each costs half a ms. */
const onTheWayToAHost = [
  'commands/main',
  'commands/exec',
  'engine/choose',
  'engine/docker/glance',
  'engine/embedded/embedded-engine',
  'plan/names',
  'run/tracing',
];

/**
 * What packages load for what labctl never asks of them: who imports what, and what it gets instead. It takes 2, 40, 14, 25
 * and 2 ms; the last is 1 to 3 ms for each call, because the modem has it written out whether or not anybody reads it.
 */
const neverUsed = [
  [/\/commander\//, 'node:child_process'], // to start a program for a command; ours are all inside
  [/\/dockerode\/lib\/docker\.js$/, './session'], // gRPC, for builds; labctl uses dockerode's modem alone
  [/\/dockerode\/lib\/util\.js$/, 'tar-fs'], // to pack what is built; ours is packed in context.ts
  [/\/docker-modem\/lib\/modem\.js$/, './ssh'], // ssh2; labctl goes through ssh(1)
  [/\/docker-modem\/lib\/modem\.js$/, 'debug', 'module.exports = () => () => undefined'],
  [/\/docker-modem\/lib\/modem\.js$/, 'util', 'exports.inspect = () => undefined'], // for debug alone
];
const insteadOf = (name, importer = '') => neverUsed.findIndex(([who, what]) => what === name && who.test(importer));
const isNeverUsed = (name, importer) => insteadOf(name, importer) >= 0;
const leaveOut = {
  name: 'leave-out-what-is-never-used',
  resolveId: (name, importer) =>
    isNeverUsed(name, importer) ? `\0never-used-${insteadOf(name, importer)}` : undefined,
  load(id) {
    const [, index] = /^\0never-used-(\d+)$/.exec(id) ?? [];
    return index === undefined ? undefined : (neverUsed[index][2] ?? 'export {}');
  },
};

export default {
  plugins: [leaveOut],
  input: 'dist/labctl/cli.js',
  platform: 'node',
  external: (name, importer) => ['tar-fs', 'zx'].includes(name) && !isNeverUsed(name, importer),
  logLevel: 'warn',
  // An import that waits is also how a part says that it does not need another one to begin with.
  checks: { ineffectiveDynamicImport: false },
  output: {
    dir: 'dist/bundle',
    format: 'cjs',
    dynamicImportInCjs: false,
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    codeSplitting: {
      groups: [
        { name: 'host', test: (file) => onTheWayToAHost.some((name) => file.endsWith(`dist/labctl/${name}.js`)) },
      ],
    },
  },
};
