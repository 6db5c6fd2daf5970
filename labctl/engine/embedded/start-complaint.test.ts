import { expect, it } from 'vitest';
import { StartComplaint } from './start-complaint.ts';

it.each([
  [['/usr/bin/env: ', "'x'", ': No such file or directory\n'], 'x: there is no such program\n', 127],
  [["/usr/bin/env: 'x': Permission denied\n"], 'x: cannot be started: permission denied\n', 126],
  [["/usr/bin/env: 'y': No such file or directory\n"], "/usr/bin/env: 'y': No such file or directory\n", undefined],
  [['/usr/b', 'in is a folder\n', 'more'], '/usr/bin is a folder\nmore', undefined],
  [['/us'], '/us', undefined],
])('%j becomes %j', (pieces, text, exitCode) => {
  const complaint = new StartComplaint('x');
  const heard = pieces.flatMap((piece) => [...complaint.hear(Buffer.from(piece))]);
  const chunks = [...heard, ...complaint.rest()];
  expect(chunks.map(({ bytes }) => Buffer.from(bytes).toString()).join('')).toBe(text);
  expect(complaint.exitCode).toBe(exitCode);
});
