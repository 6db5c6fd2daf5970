// Debian's Chromium for tests: a page opened from a file, with everything noted that it should not have done.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: flags });

export interface OpenPage extends AsyncDisposable {
  page: Page;
  /** Errors and warnings of the console, uncaught errors, dialogs. */
  complaints: string[];
  /** Everything it asked for beside itself. */
  requests: string[];
}

/** Opens the text of a page from a file of its own, in a fresh profile. */
export async function openText(browser: Browser, html: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const folder = await mkdtemp(join(tmpdir(), 'labctl-page-'));
  const file = join(folder, 'report.html');
  await writeFile(file, html);
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const [complaints, requests]: string[][] = [[], []];
  const address = pathToFileURL(file).href;
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints?.push(message.text());
  });
  page.on('pageerror', ({ message }) => complaints?.push(message));
  page.on('dialog', (dialog) => {
    complaints?.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== address && !request.url().startsWith('data:')) requests?.push(request.url());
  });
  await page.goto(address);
  return {
    ...{ page, complaints: complaints ?? [], requests: requests ?? [] },
    [Symbol.asyncDispose]: async () => {
      await context.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
