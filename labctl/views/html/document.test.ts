import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../model/report.ts';
import { ladderZero } from '../ladder-rows.ts';
import { echoStory, judgedStory } from '../stories.ts';
import type { PageData } from './data.ts';
import { reportPage } from './document.ts';
import { pageWordsOf } from './words.ts';

const files = { css: 'body{}', script: 'void 0' };
const noTracks = { end: 0, sockets: [], processes: [], flights: [], counters: [] };

const page = (report: Report, language: 'en' | 'fr' = 'en'): string =>
  reportPage(
    {
      report,
      tracks: noTracks,
      zero: ladderZero(report),
      language,
      words: pageWordsOf(language),
      answer: () => 'the answer',
    },
    files,
  );

const hash = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

describe('the report page', () => {
  it('allows its own script and style sheet and nothing else', () => {
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page(echoStory())) ?? [];
    expect(policy.replaceAll('&#39;', "'").split('; ')).toEqual([
      "default-src 'none'",
      `script-src '${hash(files.script)}'`,
      `style-src '${hash(files.css)}'`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
  });
  it('names no other place to load from', () => {
    const text = page(judgedStory()).replaceAll('http://www.w3.org/', '');
    expect(text).not.toMatch(/https?:|src=|@import|url\(|<iframe|<form/);
  });
  it('keeps hostile names, bytes and lessons text', () => {
    const report = echoStory();
    const hostile = '</script><img src=x onerror=alert(1)>\u2028';
    report.scenario.title.en = hostile;
    report.scenario.lesson = [{ ask: { en: hostile, fr: '' }, answer: { en: '', fr: '' } }];
    for (const host of report.run.hosts) host.congestionControl = hostile;
    for (const call of report.calls) call.args.push(hostile);
    for (const event of report.events) if (event.kind === 'typed') event.text = hostile;
    const text = page(report);
    expect(text).not.toMatch(/<img|onerror=(?!alert\(1\)&gt;|alert\(1\)\\u003e)/);
    expect(text.match(/<script/g)).toHaveLength(2);
    expect(text.match(/<\/script/g)).toHaveLength(2);
  });
  it('carries rows, packets and calls as data', () => {
    const [, json = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page(echoStory())) ?? [];
    const data = JSON.parse(json) as PageData;
    expect(data.rows.filter(({ kind }) => kind === 'arrow')).toHaveLength(8);
    expect(data.packets[4]).toMatchObject({ from: 'client1', to: 'server', flags: 'P.', length: 8 });
    expect(Object.values(data.calls).map(({ name }) => name)).toContain('accept');
  });
  it('links each verdict to its proof, and hides answers until they are asked for', () => {
    const report = judgedStory();
    report.scenario.lesson = [{ ask: { en: 'Why?', fr: 'Pourquoi ?' }, answer: { en: '', fr: '' } }];
    const text = page(report);
    expect(text).toContain('href="#p1">#1</a>');
    expect(text).toMatch(/<details class="answer"><summary>Show the answer<\/summary><p>the answer<\/p>/);
    expect(page(report, 'fr')).toContain('<html lang="fr">');
  });
});
