// `labctl wireshark`: a recorded capture in Wireshark, with a profile made for lessons; and labctl among its interfaces.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodes, LabError } from '../model/lab-error.ts';
import { type Declare, examples } from './declare.ts';
import type { Session } from './session.ts';

interface OpenFlags {
  print?: true;
}

export const wireshark: Declare = (program, act) => {
  const group = program
    .command('wireshark')
    .description('open a recorded capture in Wireshark, with columns, colours, names and filter for the lesson')
    .argument('[run]', 'a run, as for show (default: the latest)')
    .argument('[host]', 'whose capture (default: the run’s first host)')
    .option('--print', 'print the command instead of starting it')
    .addHelpText(
      'after',
      examples(
        ['labctl wireshark', 'the latest run'],
        ['labctl wireshark lost-data client1', 'the latest run of a scenario, as client1 saw it'],
        ['labctl wireshark --print', 'the command, to copy'],
        ['labctl wireshark install', 'hosts of running labs among Wireshark’s interfaces'],
      ),
    )
    .action(act(runWireshark));
  group
    .command('install')
    .description('put every host of every running lab among the interfaces that Wireshark can capture')
    .action(act(runInstall));
  group.command('check').description('whether that works with the Wireshark that is installed').action(act(runCheck));
  group.command('uninstall').description('take the interfaces and the profile away again').action(act(runUninstall));
};

/** What the three commands on the plug-in need. */
async function pluginTools({ io }: Session) {
  const [plugin, here, { linksText, optionsText }] = await Promise.all([
    import('../setup/wireshark/extcap.ts'),
    import('../setup/wireshark/wireshark.ts'),
    import('../views/extcap.ts'),
  ]);
  const answers = { '--extcap-dlts': linksText(), '--extcap-config': optionsText() };
  return { ...plugin, found: here.wiresharkHere(io.env), answers };
}

async function runInstall(session: Session): Promise<number> {
  const { installPlugin, answers, found } = await pluginTools(session);
  const plugin = await installPlugin(found, answers);
  if (session.json) session.outJson({ plugin });
  else session.out(`The plug-in is ${plugin}; tshark -D lists its interfaces while a lab is up.`);
  return exitCodes.met;
}

async function runCheck(session: Session): Promise<number> {
  const { checkPlugin, answers, found } = await pluginTools(session);
  const rows = await checkPlugin(found, answers, await session.command());
  const healthy = rows.every(({ state }) => state === 'ok');
  if (session.json) session.outJson({ healthy, rows });
  else session.out((await import('../views/lab-tables.ts')).doctorText(rows, session.style()));
  return healthy ? exitCodes.met : exitCodes.unmet;
}

async function runUninstall(session: Session): Promise<number> {
  const { uninstallPlugin, found } = await pluginTools(session);
  const { removeProfile } = await import('../setup/wireshark/wireshark.ts');
  const plugin = await uninstallPlugin(found);
  const profile = await removeProfile(found, session.io.env);
  const removed = [plugin, profile].filter((path) => path !== undefined);
  if (session.json) session.outJson({ removed });
  else session.out(removed.length === 0 ? 'There was nothing to remove.' : `Removed: ${removed.join(', ')}`);
  return exitCodes.met;
}

async function runWireshark(
  session: Session,
  run: string | undefined,
  host: string | undefined,
  flags: OpenFlags,
): Promise<number> {
  const { file, filter } = await captureOf(session, run, host);
  const here = await import('../setup/wireshark/wireshark.ts');
  const found = here.wiresharkHere(session.io.env);
  if (found.wireshark === undefined && !flags.print) throw missing(session, file, found.howToGet);
  const profile = await here.writeProfile(found, session.io.env);
  const { profileName } = await import('../setup/wireshark/profile.ts');
  const argv = [
    found.wireshark ?? 'wireshark',
    ...['-C', profileName, '-r', await here.pathFor(found, file)],
    ...(filter === '' ? [] : ['-Y', filter]),
  ];
  if (!flags.print) {
    refuseWithoutDisplay(session, file, found.windows);
    await here.startApart(argv);
  }
  const { shellLine } = await import('../plan/shell-words.ts');
  if (session.json) session.outJson({ file, filter, profile, command: argv });
  else session.out(flags.print ? shellLine(argv) : `Wireshark opens ${session.shown(file)} (${shellLine(argv)})`);
  return exitCodes.met;
}

const missing = (session: Session, file: string, howToGet: string): LabError =>
  new LabError('usage', 'Wireshark is not installed here', {
    where: session.shown(file),
    hint: `${howToGet}; the capture is a file that can be carried to another machine`,
  });

/** On Linux a window needs a display; Windows and macOS always have theirs. */
function refuseWithoutDisplay({ io: { env } }: Session, file: string, windows: boolean): void {
  if (process.platform !== 'linux' || windows || env['DISPLAY'] || env['WAYLAND_DISPLAY']) return;
  throw new LabError('usage', 'there is no display for Wireshark’s window here', {
    where: file,
    hint: 'tshark reads the file on a terminal, Wireshark on another machine; --print shows the command',
  });
}

/** The capture and what it is about. One name alone may be a host of the latest run. */
async function captureOf(session: Session, run?: string, host?: string): Promise<{ file: string; filter: string }> {
  const [{ readRun }, { analyse }, { resolveRun, runsFolderFor }, { files }, { displayFilter }] = await Promise.all([
    import('../folder/read-run.ts'),
    import('../analysis/analyse.ts'),
    import('../folder/runs.ts'),
    import('../folder/names.ts'),
    import('../views/display-filter.ts'),
  ]);
  const runs = await runsFolderFor(session.composeFile(), session.io.env);
  const find = (name: string | undefined) => resolveRun(runs, name, { cwd: session.io.cwd });
  const asHost = host === undefined && run !== undefined && existsSync(join(await find(undefined), files.capture(run)));
  const folder = await find(asHost ? undefined : run);
  const report = analyse(await readRun(folder));
  const hosts = report.run.hosts.map(({ name }) => name);
  const wanted = asHost ? run : (host ?? hosts[0] ?? '');
  const file = join(folder, files.capture(wanted));
  if (hosts.includes(wanted) && existsSync(file)) return { file, filter: displayFilter(report) };
  throw new LabError('usage', `this run has no capture of "${wanted}"`, {
    where: session.shown(folder),
    hint: `it has those of ${hosts.join(', ')}`,
  });
}
