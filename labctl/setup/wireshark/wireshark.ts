// Wireshark as it is on this machine: its folders, labctl's profile in them, and the program itself.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';
import { runHostProgram } from '../host-program.ts';
import { isDebianLike, readSystem } from '../system.ts';
import { findWireshark, howToGet, type Machine, parseFolders, type WiresharkPrograms } from './find.ts';
import { profileFiles, profileName } from './profile.ts';

type Environment = Record<string, string | undefined>;

export interface Wireshark extends WiresharkPrograms {
  /** How to get what is missing. */
  howToGet: string;
}

function machineOf(env: Environment): Machine & { debianLike: boolean } {
  const { platform, has, hasFile, os } = readSystem(env);
  const version = existsSync('/proc/version') ? readFileSync('/proc/version', 'utf8') : '';
  return {
    ...{ platform, onPath: has, hasFile, home: env['HOME'] ?? homedir() },
    wsl: platform === 'linux' && /microsoft/i.test(version),
    debianLike: isDebianLike(os),
  };
}

/** Looks, and starts nothing. */
export function wiresharkHere(env: Environment): Wireshark {
  const machine = machineOf(env);
  return { ...findWireshark(machine), howToGet: howToGet(machine, machine.debianLike) };
}

/** The path as the program reads it. */
export async function pathFor({ windows }: Wireshark, path: string): Promise<string> {
  return windows ? lineOf(await runHostProgram(['wslpath', '-w', path])) : path;
}

/** The path that the program printed as this system reads it. */
const pathFrom = async ({ windows }: Wireshark, path: string): Promise<string> =>
  windows ? lineOf(await runHostProgram(['wslpath', '-u', path])) : path;

const lineOf = ({ stdout }: { stdout: string }): string => stdout.trim();

/** Its folders, as tshark names them; empty where there is no tshark to ask. */
export async function foldersOf(wireshark: Wireshark): Promise<Map<string, string>> {
  if (wireshark.tshark === undefined) return new Map();
  const { stdout } = await runHostProgram([wireshark.tshark, '-G', 'folders']);
  const folders = [...parseFolders(stdout)].map(
    async ([name, path]) => [name, await pathFrom(wireshark, path)] as const,
  );
  return new Map(await Promise.all(folders));
}

/** Where profiles lie; where nobody can be asked, where they lie on Linux and macOS. */
async function configurationFolder(wireshark: Wireshark, env: Environment): Promise<string> {
  const asked = (await foldersOf(wireshark)).get('Personal configuration');
  return asked ?? join(env['XDG_CONFIG_HOME'] || join(env['HOME'] ?? homedir(), '.config'), 'wireshark');
}

const profileFolder = async (wireshark: Wireshark, env: Environment): Promise<string> =>
  join(await configurationFolder(wireshark, env), 'profiles', profileName);

/** Says which profile was written; what the user changed in it since stays. */
const stampFile = 'labctl.hash';

/** Writes the profile unless it is there. Touches no other. Throws LabError `usage` where it cannot be written. */
export async function writeProfile(wireshark: Wireshark, env: Environment): Promise<string> {
  const folder = await profileFolder(wireshark, env);
  const files = profileFiles();
  const stamp = createHash('sha256').update(JSON.stringify(files)).digest('hex');
  try {
    if ((await readFile(join(folder, stampFile), 'utf8').catch(() => '')) === stamp) return folder;
    await mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    await writeFile(join(folder, stampFile), stamp);
    return folder;
  } catch (error) {
    throw new LabError('usage', `the Wireshark profile cannot be written: ${(error as Error).message}`, {
      where: folder,
      cause: error,
    });
  }
}

/** Gives the folder that was removed; undefined where there was none. */
export async function removeProfile(wireshark: Wireshark, env: Environment): Promise<string | undefined> {
  const folder = await profileFolder(wireshark, env);
  if (!existsSync(folder)) return undefined;
  await rm(folder, { recursive: true });
  return folder;
}

/** `4.0.17` of a tool that says `TShark (Wireshark) 4.0.17 …`. */
export async function versionOf(program: string): Promise<string | undefined> {
  const { stdout, exitCode } = await runHostProgram([program, '--version']);
  return exitCode === 0 ? /\b(\d+\.\d+\.\d+)/.exec(stdout)?.[1] : undefined;
}

/** Starts a program with a window, which lives on when labctl ends. Throws LabError `usage` when it does not start. */
export async function startApart([program = '', ...argv]: readonly string[]): Promise<void> {
  const child = spawn(program, argv, { detached: true, stdio: 'ignore' });
  await new Promise<void>((resolve, reject) => {
    child
      .once('spawn', resolve)
      .once('error', (cause) =>
        reject(new LabError('usage', `${program} does not start: ${cause.message}`, { cause })),
      );
  });
  child.unref();
}
