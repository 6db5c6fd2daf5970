// The report page of a recorded run in Debian's Chromium: what it shows, how it answers keyboard and pointer, that it is
// readable, and that it loads nothing.

import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyse } from '../../labctl/analysis/analyse.ts';
import { packets, recordedRun } from '../../labctl/analysis/testing.ts';
import { pageText } from '../../labctl/commands/report-page.ts';
import { readRun } from '../../labctl/folder/read-run.ts';
import type { Report } from '../../labctl/model/report.ts';
import { packageRoot } from '../../labctl/root.ts';
import { contrastFaults, structureFaults } from './accessibility.ts';
import { launch, openText } from './chromium.ts';

let browser: Browser;
let lossy: Report;
let english: string;

beforeAll(async () => {
  lossy = analyse(await readRun(join(packageRoot, 'labctl/analysis/fixtures/lossy')));
  [browser, english] = await Promise.all([launch(), pageText(lossy, 'en')]);
});
afterAll(() => browser.close());

const rowsOf = (page: Page): Promise<number> => page.locator('#pane [role=option]').count();
const chosen = (page: Page): Promise<string | null> =>
  page.locator('#pane [aria-selected=true]').first().getAttribute('aria-label');

describe('the report page', () => {
  it('opens without a complaint and asks nobody for anything', async () => {
    await using open = await openText(browser, english);
    expect(await rowsOf(open.page)).toBeGreaterThan(10);
    expect(await open.page.locator('#pane .lost').count()).toBeGreaterThan(0);
    expect(open.complaints).toEqual([]);
    expect(open.requests).toEqual([]);
  });

  it('goes from row to row by keyboard, with details, bytes and the cursor', async () => {
    await using open = await openText(browser, english);
    const { page } = open;
    await page.locator('#pane .rows').focus();
    await page.keyboard.press('End');
    const last = await chosen(page);
    await page.keyboard.press('Home');
    expect(await chosen(page)).not.toBe(last);
    await page.locator('#filter').fill('flags:S');
    await page.locator('#pane .rows').focus();
    await page.keyboard.press('ArrowDown');
    expect(await chosen(page)).toMatch(/^#\d+, 0\.\d{3} \d{3} s, client1 → server: .*S seq 0/);
    expect(await page.locator('#details').innerText()).toMatch(/TCP[\s\S]*sequence number/);
    expect(await page.locator('#details .dump .line').count()).toBeGreaterThan(3);
    expect(await page.locator('#instant').innerText()).toContain('SYN-SENT');
    const clock = await page.locator('#clock').inputValue();
    expect(await chosen(page)).toContain(`${clock} s`);
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#clock').inputValue()).not.toBe(clock);
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('#clock').inputValue()).toBe(clock);
    await page.keyboard.press('Escape');
    expect(await page.locator('#details').innerText()).toContain('Choose a row of the ladder');
  });

  it('shows the bytes of the header that is pointed at', async () => {
    await using open = await openText(browser, english);
    const { page } = open;
    await page.locator('#filter').fill('flags:S');
    await page.locator('#pane [role=option]').first().click();
    await page.locator('#details .field', { hasText: 'source port' }).hover();
    expect(await page.locator('#details .dump .hex .lit').allInnerTexts()).toHaveLength(2);
  });

  it('filters, says how many rows are left, and names a word it does not understand', async () => {
    await using open = await openText(browser, english);
    const { page } = open;
    const all = await rowsOf(page);
    await page.locator('#filter').fill('lost');
    const lost = await rowsOf(page);
    expect(lost).toBeGreaterThan(0);
    expect(await page.locator('#filter-said').innerText()).toBe(`${lost} of ${all} rows`);
    await page.locator('#filter').fill('port:x');
    expect(await page.locator('#filter-said').innerText()).toBe('“port:x” is not understood.');
    expect(await page.locator('#filter').getAttribute('aria-invalid')).toBe('true');
    await page.locator('#filter').fill('');
    await page.locator('#conversation').selectOption('1');
    expect(await rowsOf(page)).toBeLessThan(all);
  });

  it('jumps from a link to the row of its packet, whatever was left out', async () => {
    await using open = await openText(browser, english);
    const { page } = open;
    await page.locator('#filter').fill('calls');
    await page.locator('main a[href^="#p"]').first().click();
    expect(await chosen(page)).toMatch(/^#\d+/);
    expect(await page.locator('#filter').inputValue()).toBe('');
    const before = await chosen(page);
    await page.reload();
    expect(await chosen(page)).toBe(before);
  });

  it('moves the time cursor by slider and by typing', async () => {
    await using open = await openText(browser, english);
    const { page } = open;
    await page.locator('#cursor').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const spoken = await page.locator('#cursor').getAttribute('aria-valuetext');
    expect(spoken).toBe(`${await page.locator('#clock').inputValue()} s`);
    await page.locator('#clock').fill('0,1');
    await page.keyboard.press('Enter');
    expect(await page.locator('#clock').inputValue()).toBe('0.100 000');
    await page.locator('#before').click();
    expect(await page.locator('#clock').inputValue()).not.toBe('0.100 000');
  });

  it('draws uniform time, and stretches it', async () => {
    await using open = await openText(browser, english);
    const { page } = open;
    const height = (): Promise<number> =>
      page.locator('#pane .rows').evaluate((svg) => svg.getBoundingClientRect().height);
    await page.locator('#scale').selectOption('time');
    const before = await height();
    await page.locator('#closer').click();
    expect(await height()).toBeGreaterThan(before * 1.5);
  });

  it.each(['light', 'dark'] as const)('is readable and well formed in %s', async (colorScheme) => {
    await using open = await openText(browser, english, { colorScheme });
    const { page } = open;
    await page.locator('#pane [role=option]').nth(8).click();
    for (const summary of await page.locator('main details > summary').all()) await summary.click();
    expect(await contrastFaults(page)).toEqual([]);
    expect(await structureFaults(page)).toEqual([]);
  });

  it('changes its colours by its button', async () => {
    await using open = await openText(browser, english, { colorScheme: 'light' });
    const { page } = open;
    const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.locator('#theme').click();
    await page.locator('#theme').click();
    expect(await page.locator('#theme').innerText()).toBe('Colours: dark');
    expect(await ground()).not.toBe(light);
  });

  it('prints all of it', async () => {
    await using open = await openText(browser, english);
    const { page } = open;
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect(await page.locator('#tools').isVisible()).toBe(false);
    expect((await page.pdf()).length).toBeGreaterThan(20_000);
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await page.locator('#pane .slice').count()).toBeGreaterThan(1);
    expect(await page.locator('#pane .slice .row-arrow').count()).toBe(lossy.passages.filter(({ tcp }) => tcp).length);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    expect(await page.locator('#pane .slice').count()).toBe(0);
    expect(await rowsOf(page)).toBeGreaterThan(10);
  });

  it('shows the ladder and all tables where scripts are forbidden', async () => {
    await using open = await openText(browser, english, { javaScriptEnabled: false });
    const { page } = open;
    expect(await page.locator('#pane svg.slice').first().isVisible()).toBe(true);
    expect(await page.locator('#tools').isVisible()).toBe(false);
    expect(open.complaints).toEqual([]);
  });

  it('speaks French', async () => {
    await using open = await openText(browser, await pageText(lossy, 'fr'));
    expect(await open.page.locator('html').getAttribute('lang')).toBe('fr');
    expect(await open.page.locator('#instant').innerText()).toContain('Sur le réseau');
    expect(open.complaints).toEqual([]);
  });

  it('takes hostile text for text', async () => {
    const report = structuredClone(lossy);
    const hostile = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
    report.scenario.title = { en: hostile, fr: hostile };
    for (const event of report.events) if (event.kind === 'output') event.text = hostile;
    for (const call of report.calls) call.args.push(hostile);
    await using open = await openText(browser, await pageText(report, 'en'));
    await open.page.locator('#pane .rows').focus();
    await open.page.keyboard.press('End');
    expect(open.complaints).toEqual([]);
    expect(open.requests).toEqual([]);
    expect(await open.page.locator('h1').innerText()).toBe(hostile);
  });
});

/** A conversation of so many segments, half a millisecond apart, every hundredth of them lost. */
function longReport(segments: number): Report {
  const lines = Array.from({ length: segments }, (_, index) => {
    const at = (0.01 + index * 0.0005).toFixed(6);
    const way = index % 2 === 0 ? 'client1 > server 41022>5000' : 'server > client1 5000>41022';
    return `${at} ${way} P. seq ${1 + Math.floor(index / 2) * 8} ack ${1 + Math.floor(index / 2) * 8} length 8 id ${index + 1}${index % 100 === 50 ? ' ✗' : ''}`;
  });
  return analyse(recordedRun({ packets: packets(lines.join('\n')) }));
}

/** How long frames take while the pane moves by so many pixels in each. */
async function scrollFrames(page: Page, pixels: number): Promise<{ median: number; text: string }> {
  const frames = await page.locator('#pane').evaluate(async (pane, by) => {
    const times: number[] = [];
    pane.scrollTop = 0;
    let before = performance.now();
    for (let step = 0; step < 60; step += 1) {
      pane.scrollTop += by;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      times.push(performance.now() - before);
      before = performance.now();
    }
    return times.sort((a, b) => a - b);
  }, pixels);
  const at = (share: number): number => Math.round(frames[Math.floor(frames.length * share)] ?? 0);
  return { median: at(0.5), text: `median ${at(0.5)} ms, 95 % within ${at(0.95)} ms` };
}

describe('a ladder of 10,000 rows', () => {
  it('stays smooth: few rows are drawn, and frames keep coming while it scrolls', async () => {
    await using open = await openText(browser, await pageText(longReport(10_000), 'en'));
    const { page } = open;
    expect(await page.locator('#filter-said').innerText()).toBe('10000 rows');
    expect(await rowsOf(page)).toBeLessThan(300);
    // A wheel moves the pane by about 120 pixels a frame; a hand on the scroll bar crosses the whole run in a second.
    const wheel = await scrollFrames(page, 120);
    const bar = await scrollFrames(page, 6000);
    process.stdout.write(`10,000 rows: frames by wheel ${wheel.text}; over everything in a second ${bar.text}\n`);
    expect(wheel.median).toBeLessThan(34);
    await page.locator('#pane .rows').focus();
    await page.keyboard.press('End');
    expect(await chosen(page)).toContain('#10000');
    expect(open.complaints).toEqual([]);
  });
});
