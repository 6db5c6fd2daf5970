// Recognises that a program could not be started: the engine says so in the place where its output would be.

import type { OutputChunk } from './demultiplex.ts';

/** What a shell answers for these; the engine gives 126 for both. */
const notFound = 127;
const notExecutable = 126;

export interface StartFailure {
  message: string;
  exitCode: number;
}

/** The engine's first words about a program that it could not start, in plain ones; undefined for any other output. */
export function startFailure(output: Uint8Array, program: string): StartFailure | undefined {
  const start = Buffer.from(output.subarray(0, prefix.length)).toString('latin1');
  if (start !== prefix) return undefined;
  const text = Buffer.from(output).toString();
  if (/executable file not found|no such file or directory/.test(text)) {
    return { message: `${program}: there is no such program`, exitCode: notFound };
  }
  const reason = text.split(': ').at(-2) ?? text;
  return { message: `${program}: cannot be started: ${reason}`, exitCode: notExecutable };
}
const prefix = 'OCI runtime exec failed: ';

/** The same output; a failed start becomes one line on stderr and is told to `onFailure`. */
export async function* withStartFailure(
  output: AsyncIterable<OutputChunk>,
  program: string,
  onFailure: (failure: StartFailure) => void,
): AsyncGenerator<OutputChunk> {
  let first = true;
  for await (const chunk of output) {
    const failure = first ? startFailure(chunk.bytes, program) : undefined;
    first = false;
    if (failure) {
      onFailure(failure);
      yield { stream: 'stderr', bytes: Buffer.from(`${failure.message}\n`) };
    } else yield chunk;
  }
}
