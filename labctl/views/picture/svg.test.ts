import { describe, expect, it } from 'vitest';
import type { SocketTrack } from '../../model/instant.ts';
import { markup } from '../element.ts';
import { pageWordsOf } from '../html/words.ts';
import { ladderOf } from '../ladder-rows.ts';
import { echoStory, fourHostStory, loopbackStory, lossStory } from '../stories.ts';
import { layOut } from './layout.ts';
import { ladderSlices } from './slices.ts';
import { ladderPicture, svgFile } from './svg.ts';

const options = { width: 1000, words: pageWordsOf('en').heads, title: 'A ladder' };
const picture = (report = lossStory()) => ladderPicture(ladderOf(report, { language: 'en' }), [], options);

describe('the picture', () => {
  it('ends a lost segment in a cross and ties its repetition to it', () => {
    const text = markup(picture());
    expect(text).toContain('class="lost"');
    expect(text).toContain('class="tie"');
    expect(text).toContain('#4 again, after 203.7 ms');
  });
  it('gives each of two hosts a time column of its own', () => {
    const text = markup(picture(echoStory()));
    expect(text).toContain('>at client1</text>');
    expect(text).toContain('>at server</text>');
    expect(text).toContain('>0.000 083</text>');
    expect(text).toContain('>0.000 114</text>');
  });
  it('has sent at and arrived at where there are more hosts', () => {
    expect(markup(picture(fourHostStory()))).toContain('>arrived at</text>');
  });
  it('draws the loopback of one host', () => {
    expect(markup(picture(loopbackStory()))).toContain('class="shaft loop"');
  });
  it('is a file of its own with its style inside', () => {
    const file = svgFile(picture(), '.ladder{}');
    expect(file).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(file).toContain('<style>.ladder{}</style>');
  });
});

describe('slices', () => {
  it('cut the ladder into pages, each with its heads, and no row in two', () => {
    const ladder = ladderOf(lossStory(), { language: 'en' });
    const slices = ladderSlices(ladder, [], { ...options, idOf: (number) => `p${number}` }, 180).map(markup);
    expect(slices.length).toBeGreaterThan(1);
    for (const slice of slices) expect(slice).toContain('>client1</text>');
    expect(slices.join('').match(/id="p\d+"/g)).toEqual(
      ['1', '2', '3', '4', '5', '6'].map((number) => `id="p${number}"`),
    );
  });
});

describe('the layout', () => {
  const ladder = ladderOf(lossStory(), { language: 'en' });
  it('never lets rows overlap by event', () => {
    const { rows } = layOut(ladder, [], { width: 900, scale: 'events' });
    for (const [index, { top }] of rows.entries()) expect(top).toBeGreaterThanOrEqual(rows[index - 1]?.bottom ?? 0);
  });
  it('places rows by time alone in uniform time', () => {
    const { rows, yOf } = layOut(ladder, [], { width: 900, scale: { pixelsPerMillisecond: 1 } });
    const [first, last] = [rows[0], rows.at(-1)];
    expect((last?.y ?? 0) - (first?.y ?? 0)).toBeCloseTo(((last?.row.at ?? 0) - (first?.row.at ?? 0)) / 1000);
    expect(yOf(700_000)).toBeCloseTo(724);
  });
  it('finds the instant of a place and the place of an instant', () => {
    const { timeAt, yOf } = layOut(ladder, [], { width: 900, scale: 'events' });
    for (const at of [0, 48, 97, 500_000, 1_407_160]) expect(timeAt(yOf(at))).toBe(at);
  });
  it('gives sockets that live at once lanes of their own, and frees them', () => {
    const socket = (from: number, until: number): SocketTrack => ({
      host: 'server',
      side: 'responder',
      local: { address: '172.30.0.2', port: 5000 },
      states: [
        [from, 'ESTABLISHED'],
        [until, 'CLOSED'],
      ],
    });
    const { lanes } = layOut(ladder, [socket(0, 100), socket(50, 300), socket(200, 400)], {
      width: 900,
      scale: 'events',
    });
    expect(lanes.map(({ place }) => place)).toEqual([0, 1, 0]);
  });
});
