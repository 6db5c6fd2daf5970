// Every way out of labctl, with what it says: help, the manual page and the reference tell the same.

export const exitMeanings: readonly [codes: string, meaning: string][] = [
  ['0', 'all expectations met, or the command did its work'],
  ['1', 'an expectation was not met'],
  ['2', 'usage: a wrong option, name or file'],
  ['3', 'the engine failed or cannot be reached'],
  ['4', 'not observable: the evidence is missing, so nothing can be said'],
  ['125', "exec and shell: labctl itself failed; any other code is the program's"],
  ['130, 143, 129', 'stopped by SIGINT, SIGTERM, SIGHUP'],
];
