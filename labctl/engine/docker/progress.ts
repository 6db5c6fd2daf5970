// Reads what the engine reports while it builds, pulls or loads: one JSON object a line, an error being one of them.

import { LabError } from '../../model/lab-error.ts';

export interface ProgressLine {
  /** What a build step printed. */
  stream?: string;
  /** What a build step printed, as BuildKit tells it: see build-trace.ts. */
  aux?: unknown;
  id?: string;
  /** What a pull is doing. */
  status?: string;
  error?: string;
  errorDetail?: { message?: string };
}

/** Lines as they come; a chunk may end anywhere, within a character too. What is no JSON is passed by. */
export async function* progressOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<ProgressLine> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of source) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield* parsed(line);
  }
  yield* parsed(rest);
}

function parsed(line: string): ProgressLine[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? [checked(value)] : [];
  } catch (error) {
    if (error instanceof LabError) throw error;
    return [];
  }
}

/** The engine answers 200 before it knows how the work ends: a failure is one of the lines. */
function checked(line: ProgressLine): ProgressLine {
  const message = line.errorDetail?.message ?? line.error;
  if (message !== undefined) throw new LabError('engine', message.trim());
  return line;
}
