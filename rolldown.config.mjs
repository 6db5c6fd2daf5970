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

/** What packages load for what labctl never asks of them: who imports what. It takes 2, 40 and 25 ms. */
const neverUsed = [
  [/\/commander\//, 'node:child_process'], // to start a program for a command; ours are all inside
  [/\/dockerode\/lib\/docker\.js$/, './session'], // gRPC, for builds; labctl uses dockerode's modem alone
  [/\/docker-modem\/lib\/modem\.js$/, './ssh'], // ssh2; labctl goes through ssh(1)
];
const leaveOut = {
  name: 'leave-out-what-is-never-used',
  resolveId: (name, importer) =>
    neverUsed.some(([who, what]) => what === name && who.test(importer ?? '')) ? '\0never-used' : undefined,
  load: (id) => (id === '\0never-used' ? 'export {};' : undefined),
};

export default {
  plugins: [leaveOut],
  input: 'dist/labctl/cli.js',
  platform: 'node',
  external: ['tar-fs', 'zx'],
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
