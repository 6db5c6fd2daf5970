// For tests of what no engine at hand says: a server that answers as one would.

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server on a socket of its own that answers as an engine of another age would. */
export async function engineLike(answer: RequestListener) {
  const folder = mkdtempSync(join(tmpdir(), 'labctl-api-'));
  const socketPath = join(folder, 'engine.sock');
  const server = createServer(answer).listen(socketPath);
  await once(server, 'listening');
  return {
    connection: { kind: 'unix', socketPath } as const,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

/** Answers each question with its path, in the API of that version. */
export const versioned =
  (version: string, MinAPIVersion = '1.40'): RequestListener =>
  ({ url }, response) =>
    response.setHeader('Api-Version', version).end(JSON.stringify(url === '/version' ? { MinAPIVersion } : url));
