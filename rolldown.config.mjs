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

export default {
  input: 'dist/labctl/cli.js',
  platform: 'node',
  external: ['dockerode', 'tar-fs', 'zx'],
  logLevel: 'warn',
  // An import that waits is also how a part says that it does not need another one to begin with.
  checks: { ineffectiveDynamicImport: false },
  output: {
    dir: 'dist',
    format: 'cjs',
    dynamicImportInCjs: false,
    entryFileNames: '[name].cjs',
    chunkFileNames: 'chunks/[name]-[hash].cjs',
    codeSplitting: {
      groups: [
        { name: 'host', test: (file) => onTheWayToAHost.some((name) => file.endsWith(`dist/labctl/${name}.js`)) },
      ],
    },
  },
};
