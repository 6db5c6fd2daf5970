// The manual page is read by those who are strict about it: groff with every warning, mandoc's lint.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { labctl } from './labctl.ts';

const execute = promisify(execFile);

/** Gives what the program complained of, and what it made of the page. */
async function readBy(program: string, argv: string[], page: string): Promise<{ stdout: string; stderr: string }> {
  const reading = execute(program, argv);
  reading.child.stdin?.end(page);
  return reading;
}

it('renders without a warning, and tells of every command', async () => {
  const { code, stdout: page } = await labctl(['man']);
  expect(code).toBe(0);
  const groff = await readBy('groff', ['-man', '-Tascii', '-P-c', '-ww'], page);
  expect(groff.stderr).toBe('');
  // Bold is a letter printed twice over itself.
  const text = groff.stdout.replace(/.[\b]/g, '');
  for (const heading of ['NAME', 'COMMANDS', 'EXIT STATUS', 'labctl learn', 'labctl images save'])
    expect(text).toContain(heading);
  expect((await readBy('mandoc', ['-T', 'lint', '-W', 'warning'], page)).stdout).toBe('');
});
