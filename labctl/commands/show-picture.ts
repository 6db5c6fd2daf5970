// `labctl show FILE --html`, `--svg`, `--mermaid`: pictures of a capture that anyone made.

import { basename, join } from 'node:path';
import { exitCodes } from '../model/lab-error.ts';
import type { Session } from './session.ts';
import type { ShowFlags } from './show.ts';

/** A page can be searched; in pictures so long nobody finds anything, and both take memory for every packet. */
const mostPackets = { page: 8000, picture: 2000 };

/** Whether a picture is asked for. */
export const isPicture = ({ html, svg, mermaid }: ShowFlags): boolean =>
  html !== undefined || svg !== undefined || mermaid !== undefined;

/** Draws the capture at `path`; a page without a name is written beside where the user is. */
export async function showPicture(session: Session, path: string, name: string, flags: ShowFlags): Promise<number> {
  const [{ readCaptureRun }, { analyse }, { formText, plainStyle }, { packageVersion }] = await Promise.all([
    import('../folder/capture-run.ts'),
    import('../analysis/analyse.ts'),
    import('./show-forms.ts'),
    import('../root.ts'),
  ]);
  const { io, json } = session;
  const { run, damage } = await readCaptureRun(
    { path, stdin: io.stdin, signal: io.signal },
    { name: basename(name), most: flags.html === undefined ? mostPackets.picture : mostPackets.page },
  );
  if (damage) session.note(`${name}: ${(await import('../views/damage.ts')).damageText(damage)}`);
  run.record.labctl = packageVersion;
  // One place sees when packets pass, not when sockets hear of them.
  const report = { ...analyse(run), states: [] };
  const style = plainStyle(session.style(), flags);
  const html = flags.html === true ? join(io.cwd, 'report.html') : flags.html;
  session.out((await formText(report, { ...flags, html }, { style, json, folder: io.cwd })) ?? '');
  return exitCodes.met;
}
