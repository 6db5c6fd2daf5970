// labctl among Wireshark's plug-ins for capturing: put there, looked at, taken away.

import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';
import { shellLine } from '../../plan/shell-words.ts';
import { packageRoot } from '../../root.ts';
import { runHostProgram } from '../host-program.ts';
import { type DoctorRow, ok, toDo } from '../rows.ts';
import { extcapFolder } from './find.ts';
import { foldersOf, versionOf, type Wireshark } from './wireshark.ts';

const pluginName = 'labctl';
const program = join(packageRoot, 'dist', 'cli.cjs');

/** What is answered alike for every interface: option of the question → text. */
export type FixedAnswers = Record<string, string>;

/**
 * Wireshark starts it with its questions as options. Of each interface it asks several at every listing, one after the
 * other: what is the same for all is answered here, where Node would take its 40 ms each time.
 */
const pluginText = (answers: FixedAnswers): string => `#!/bin/sh
# Put here by \`labctl wireshark install\`; \`labctl wireshark uninstall\` takes it away.
for word in "$@"; do
  case $word in
${Object.entries(answers)
  .map(([option, text]) => `  ${option})\n    printf '%s\\n' ${shellLine([text.trimEnd()])}\n    exit ;;`)
  .join('\n')}
  esac
done
exec ${shellLine([process.execPath, program])} extcap -- "$@"
`;

/** The plug-in's file. Throws LabError `usage` where no tshark says which folder is meant. */
async function pluginFile(wireshark: Wireshark): Promise<{ path: string; own: boolean }> {
  if (wireshark.windows)
    throw new LabError('usage', 'Wireshark of Windows cannot start a plug-in within WSL', {
      hint: `labctl capture HOST | ${shellLine([wireshark.wireshark ?? 'Wireshark.exe'])} -k -i -`,
    });
  if (wireshark.tshark === undefined)
    throw new LabError('usage', 'there is no tshark to ask where plug-ins for Wireshark go', {
      hint: wireshark.howToGet.replace(/wireshark$/, 'wireshark tshark'),
    });
  const folder = extcapFolder(await foldersOf(wireshark));
  if (folder === undefined) throw new LabError('usage', 'this Wireshark has no folder for plug-ins (extcap)');
  return { path: join(folder.path, pluginName), own: folder.own };
}

/** Gives the path of the plug-in. Throws LabError `usage` where it cannot be put. */
export async function installPlugin(wireshark: Wireshark, answers: FixedAnswers): Promise<string> {
  const { path, own } = await pluginFile(wireshark);
  try {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, pluginText(answers));
    await chmod(path, 0o755);
    return path;
  } catch (cause) {
    throw new LabError('usage', `the plug-in cannot be written: ${(cause as Error).message}`, {
      where: path,
      hint: own ? undefined : sharedFolder,
      cause,
    });
  }
}

const sharedFolder =
  'Wireshark before 4.2 has one folder for all users: run this with sudo, or set WIRESHARK_EXTCAP_DIR to a folder of yours, here and for Wireshark';

/** Gives the path that was removed; undefined where there was nothing. */
export async function uninstallPlugin(wireshark: Wireshark): Promise<string | undefined> {
  const { path } = await pluginFile(wireshark);
  if (!existsSync(path)) return undefined;
  try {
    await rm(path);
    return path;
  } catch (cause) {
    throw new LabError('usage', `the plug-in cannot be removed: ${(cause as Error).message}`, { where: path, cause });
  }
}

/** Whether it works with the Wireshark that is here: asked of that Wireshark itself. */
export async function checkPlugin(wireshark: Wireshark, answers: FixedAnswers, labctl: string): Promise<DoctorRow[]> {
  const { tshark } = wireshark;
  const version = tshark === undefined ? undefined : await versionOf(tshark);
  if (tshark === undefined || version === undefined)
    return [toDo('Wireshark', 'no tshark answers', wireshark.howToGet)];
  const { path } = await pluginFile(wireshark);
  const install = `${labctl} wireshark install`;
  if (!existsSync(path)) return [ok('Wireshark', version), toDo('plug-in', `is not in ${path}`, install)];
  if ((await readFile(path, 'utf8')) !== pluginText(answers))
    return [ok('Wireshark', version), toDo('plug-in', `${path} is another labctl's`, install)];
  const { stdout, stderr, exitCode } = await runHostProgram([tshark, '-D']);
  if (exitCode !== 0) return [ok('Wireshark', version), toDo('interfaces', lastLine(stderr), 'tshark -D')];
  const listed = stdout.split('\n').filter((line) => /^\d+\. labctl-/.test(line)).length;
  return [
    ok('Wireshark', version),
    ok('plug-in', path),
    ok('interfaces', listed === 0 ? 'no lab runs; those of the next one will be listed' : `${listed} of running labs`),
  ];
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
