// The parts of pages and pictures that lie in files of the package: style sheets, and the script that was bundled from page/.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../root.ts';
import type { PageFiles } from '../views/html/document.ts';

const read = (path: string): Promise<string> => readFile(join(packageRoot, path), 'utf8');

/** Everything of a report page that does not depend on the run. */
export async function pageFiles(): Promise<PageFiles> {
  const [picture, page, script] = await Promise.all([
    pictureStyle(),
    read('labctl/page/page.css'),
    read('dist/page.js'),
  ]);
  return { css: `${picture}\n${page}`, script };
}

/** The colours alone, for a page with little else. */
export const palette = (): Promise<string> => read('labctl/page/palette.css');

/** What a ladder needs wherever it is drawn. */
export const pictureStyle = async (): Promise<string> =>
  (await Promise.all(['palette', 'ladder'].map((name) => read(`labctl/page/${name}.css`)))).join('\n');
