import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAsDaemon } from '../labctl/setup/dockerd.ts';
import { type DiagnoseOptions, diagnose, isHealthy } from '../labctl/setup/doctor.ts';
import { askEngine } from '../labctl/setup/engine-answer.ts';

const scratch = mkdtempSync(join(tmpdir(), 'labctl-doctor-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** What dpkg knows; every install and removal writes it anew. */
const dpkgStatus = () => statSync('/var/lib/dpkg/status').mtimeMs;

async function examine(options: Partial<DiagnoseOptions>) {
  const said: unknown[] = [];
  const rows = await diagnose({ for: 'tests', fix: true, on: (event) => said.push(event), ...options });
  return { rows, said, row: (what: string) => rows.find((found) => found.what === what) };
}

describe('doctor --fix on a machine that has all', () => {
  // `npm test` has done this already; a lone run of this file may be the first.
  beforeAll(() => diagnose({ for: 'tests', fix: true }));

  it('is healthy, mends nothing and says nothing', async () => {
    const before = dpkgStatus();
    const { rows, said } = await examine({});
    expect(isHealthy(rows)).toBe(true);
    expect(rows.filter(({ state }) => state === 'mended')).toEqual([]);
    expect(said).toEqual([]);
    expect(dpkgStatus()).toBe(before);
  });

  it('asks nobody when there is nothing to do', async () => {
    const asked: string[] = [];
    await examine({ ask: async (question) => asked.push(question) > 0 });
    expect(asked).toEqual([]);
  });

  it('names the engine as the engine names itself', async () => {
    const answer = await askEngine(process.env);
    if (answer.kind !== 'answers') throw new Error(`no engine: ${answer.kind}`);
    const { row } = await examine({ fix: false });
    expect(row('Docker Engine')?.detail).toContain(`${answer.version}, API ${answer.api}, at `);
    expect(row('Node')?.detail).toBe(process.versions.node);
  });
});

describe('an engine elsewhere that does not answer', () => {
  it('is told apart from one that is missing here, and nothing is started', async () => {
    const env = { ...process.env, DOCKER_HOST: `unix://${scratch}/none.sock` };
    const { rows, row, said } = await examine({ env });
    expect(row('Docker Engine')).toMatchObject({ state: 'todo', detail: `nothing answers at ${scratch}/none.sock` });
    expect(isHealthy(rows)).toBe(false);
    expect(said).toEqual([]);
  });

  it('is told by its words when DOCKER_HOST is no address', async () => {
    const { row } = await examine({ env: { ...process.env, DOCKER_HOST: 'ssh://somewhere' } });
    expect(row('Docker Engine')?.detail).toContain('ssh://somewhere');
  });
});

describe('startAsDaemon', () => {
  const log = join(scratch, 'daemon.log');
  const answers = (socket: string) => async () =>
    (await askEngine({ DOCKER_HOST: `unix://${socket}` })).kind !== 'absent';

  /** A daemon of the test's own: it listens where it is told, as slowly as a real one, and ends when it was asked. */
  const listener = `
    console.log('listening, pid ' + process.pid);
    setTimeout(() => require('http').createServer((_, answer) => {
      answer.writeHead(503).end();
      process.exitCode = 0;
      setTimeout(() => process.exit(), 500);
    }).listen(process.argv[1]), 300);
    setTimeout(() => process.exit(), 20000);`;

  it('waits until the daemon answers, in a session of its own', async () => {
    const socket = join(scratch, 'daemon.sock');
    const why = await startAsDaemon(
      { as: [], answers: answers(socket) },
      { argv: [process.execPath, '-e', listener, socket], log },
    );
    expect(why).toBeUndefined();
    const pid = /pid (\d+)/.exec(readFileSync(log, 'utf8'))?.[1];
    // proc(5): after the name in brackets come state, parent, group and session.
    const [, , , session] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    expect(session).toBe(pid);
  });

  it('does not wait for a daemon that ended, and shows the end of its log', async () => {
    const why = await startAsDaemon(
      { as: [], answers: async () => false },
      { argv: ['sh', '-c', 'echo first; echo "no such storage driver" >&2; exit 1'], log },
    );
    expect(why).toMatch(/^it ended at once; .*daemon\.log ends with\n[\s\S]*no such storage driver$/);
  });

  it('gives up on one that never answers', async () => {
    const why = await startAsDaemon(
      { as: [], answers: async () => false, deadline: 300 },
      { argv: ['sleep', '5'], log },
    );
    expect(why).toMatch(/^it does not answer; /);
  });

  it('says why it cannot write the log', async () => {
    const why = await startAsDaemon(
      { as: [], answers: async () => false },
      { argv: ['true'], log: `${scratch}/no/log` },
    );
    expect(why).toMatch(/no\/log/);
  });
});
