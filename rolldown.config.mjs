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

/** commander can start a program for a command; ours are all inside, and to load what starts programs takes 2 ms. */
const noPrograms = {
  name: 'no-programs-for-commands',
  resolveId: (name, importer) =>
    name === 'node:child_process' && importer?.includes('/commander/') ? '\0no-programs' : undefined,
  load: (id) => (id === '\0no-programs' ? 'export {};' : undefined),
};

export default {
  plugins: [noPrograms],
  input: 'dist/labctl/cli.js',
  platform: 'node',
  external: ['dockerode', 'tar-fs', 'zx'],
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
