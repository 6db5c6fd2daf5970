// The page of a run that has just been recorded, with losses on the wire: what its ladder, cursor and verdicts tell.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { analyse } from '../../labctl/analysis/analyse.ts';
import { pageText } from '../../labctl/commands/report-page.ts';
import type { Report } from '../../labctl/model/report.ts';
import { type RunLab, runLab } from '../run-lab.ts';
import { contrastFaults, structureFaults } from './accessibility.ts';
import { launch, openText } from './chromium.ts';

let lab: RunLab;
let browser: Browser;
let report: Report;
let html: string;

beforeAll(async () => {
  [lab, browser] = await Promise.all([runLab('page', 'embedded'), launch()]);
  report = analyse((await lab.run(lab.scenario('lost-data'))).run);
  html = await pageText(report, 'en');
});
afterAll(() => Promise.all([lab[Symbol.asyncDispose](), browser.close()]));

it('draws losses, ties repetitions to them, and is sound', async () => {
  await using open = await openText(browser, html);
  const { page } = open;
  const lost = report.passages.filter((passage) => passage.lost && passage.tcp).length;
  expect(lost).toBeGreaterThan(0);
  expect(await page.locator('#pane .lost').count()).toBe(lost);
  expect(await page.locator('#wire tbody tr').count()).toBe(report.run.wire?.length);
  expect(await page.locator('#wire a').count()).toBe(lost);
  expect(await page.locator('#pane .tie').count()).toBeGreaterThan(0);
  expect(await page.locator('#pane .lane.state-ESTABLISHED').count()).toBeGreaterThan(1);
  expect(await structureFaults(page)).toEqual([]);
  expect(await contrastFaults(page)).toEqual([]);
  expect(open.complaints).toEqual([]);
  expect(open.requests).toEqual([]);
});

it('leads from each verdict to its proof', async () => {
  await using open = await openText(browser, html);
  const { page } = open;
  const links = page.locator('#verdicts .proofs a');
  expect(await links.count()).toBeGreaterThan(3);
  for (const link of (await links.all()).slice(0, 6)) {
    const href = (await link.getAttribute('href')) ?? '';
    await link.click();
    const [, kind, number] = /^#([a-z]+?)(\d.*)$/.exec(href) ?? [];
    if (kind === 'p')
      expect(await page.locator('#pane [aria-selected=true]').getAttribute('aria-label')).toMatch(`#${number},`);
    else if (kind === 'look') expect(await page.locator(`[id="${href.slice(1)}"]`).isVisible()).toBe(true);
  }
});

it('tells at the cursor that the lost bytes wait to be acknowledged', async () => {
  await using open = await openText(browser, html);
  const { page } = open;
  await page.locator('#filter').fill('lost data');
  await page.locator('#pane [role=option]').first().click();
  const instant = await page.locator('#instant').innerText();
  expect(instant).toMatch(/✗ #\d+ client1 → server/);
  expect(instant).toMatch(/ESTABLISHED[\s\S]*\d+ unacked/);
});
