import { expect, it } from 'vitest';
import { StartComplaint } from './start-complaint.ts';

it.each([
  [['setpriv: ', 'failed to execute x', ': No such file or directory\n'], 'x: there is no such program\n', 127],
  [['setpriv: failed to execute x: Permission denied\n'], 'x: cannot be started: permission denied\n', 126],
  [['setp', 'riv is a tool\n', 'more'], 'setpriv is a tool\nmore', undefined],
  [['set'], 'set', undefined],
])('%j becomes %j', (pieces, text, exitCode) => {
  const complaint = new StartComplaint('x');
  const heard = pieces.flatMap((piece) => [...complaint.hear(Buffer.from(piece))]);
  const chunks = [...heard, ...complaint.rest()];
  expect(chunks.map(({ bytes }) => Buffer.from(bytes).toString()).join('')).toBe(text);
  expect(complaint.exitCode).toBe(exitCode);
});
