// A lab of its own to end labctl in, and the commands that are ended: what they need before, and how long they go on.

import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../labctl/root.ts';
import { Workplace } from './workplace.ts';

export type Verb = 'up' | 'run' | 'wire' | 'down' | 'build' | 'capture' | 'record' | 'grade';

/** Images of their own, where one is built: others on this machine keep theirs. */
const ownImages = 'labctl-kills';

export class Victim extends Workplace {
  readonly submissions = join(this.folder, 'class');
  /** Labs of gradings are named after the process that made them. */
  readonly gradings: string[] = [];
  readonly engine: string;

  constructor(engine: string, verbs: readonly Verb[]) {
    super(`labctl-kills-${process.pid}`, engine);
    this.engine = engine;
    mkdirSync(this.submissions);
    for (const program of ['right-fork.py', 'wrong-no-loop.c'])
      cpSync(join(packageRoot, 'test/submissions', program), join(this.submissions, program));
    if (!verbs.includes('build')) return;
    const compose = join(this.folder, 'docker-compose.yml');
    writeFileSync(compose, readFileSync(compose, 'utf8').replaceAll('image: labctl/', `image: ${ownImages}/`));
  }

  /** Something new in an image, so that there is something to build. */
  change(): void {
    appendFileSync(join(this.folder, 'images/client/client.c'), '/* another */\n');
  }

  temporaryFiles = (): string[] => readdirSync(join(this.folder, 'tmp'));

  removeImages(): void {
    if (this.engine !== 'docker') return;
    const { stdout } = spawnSync('docker', ['images', '--quiet', `${ownImages}/*`], { encoding: 'utf8' });
    const ids = stdout.split('\n').filter(Boolean);
    if (ids.length > 0) spawnSync('docker', ['rmi', '--force', ...ids]);
  }
}

export interface Command {
  argv: (victim: Victim) => string[];
  /** What must be there before; the lab is up unless told. */
  before?: (victim: Victim) => Promise<unknown>;
  /** It goes on until it is stopped: killed within so long (ms). */
  endless?: number;
}

export const commands: Record<Verb, Command> = {
  up: { argv: () => ['up'], before: (victim) => victim.labctl('down') },
  run: { argv: () => ['run', 'second-client'] },
  wire: { argv: () => ['run', 'lost-syn'] },
  down: { argv: () => ['down'] },
  build: {
    argv: () => ['images', 'build'],
    before: async (victim) => {
      victim.change();
    },
  },
  capture: { argv: ({ folder }) => ['capture', 'server', '-w', join(folder, 'live.pcapng')], endless: 1500 },
  record: { argv: () => ['record', 'server'], endless: 1500 },
  grade: {
    argv: ({ submissions }) => ['grade', 'first-client', '--submissions', submissions, '--weak-limits', '--again'],
  },
};
