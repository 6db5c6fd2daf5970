// Whose fault a failed build is, by BuildKit's own words: that of a Dockerfile with which no other builder would do better,
// or one of BuildKit itself, which wants to fetch its own helpers, or a session that labctl does not keep.

/** As Engines 20.10 to 28 tell them. */
const dockerfilesFaults = [
  /\bdockerfile parse error\b/,
  /\bthe Dockerfile cannot be empty\b/,
  /\bno build stage in current context\b/,
  // A command of RUN: `executor` before Engine 23, `process` since. One that could not even be tried may run elsewhere.
  /^(executor failed running|process ".*" did not complete successfully)\b.*: (exit code: \d+|unable to find user\b.*)$/s,
  // What COPY wants, from the folder or from another stage.
  /^failed to (compute|load) cache key: .*"[^"]*":? not found\b/s,
];

/** `message`: the engine's own, without what steps printed. */
export const isDockerfilesFault = (message: string): boolean => dockerfilesFaults.some((fault) => fault.test(message));
