import { describe, expect, it } from 'vitest';
import { parseFilter } from '../views/filter.ts';
import { pageData } from '../views/html/data.ts';
import { ladderOf, ladderZero } from '../views/ladder-rows.ts';
import { lossStory } from '../views/stories.ts';
import { factsOf, spoken } from './facts.ts';
import { momentAt, momentsOf } from './moments.ts';

const noTracks = { end: 0, sockets: [], processes: [], flights: [], counters: [] };
const report = lossStory();
const data = pageData(report, ladderOf(report, { language: 'en' }), noTracks, ladderZero(report), 'en');

describe('rows of the page', () => {
  it('are found by what they are', () => {
    const found = (text: string) => {
      const filter = parseFilter(text);
      return data.rows
        .map((row) => factsOf(row, data))
        .filter((facts) => filter.ok && filter.matches(facts))
        .map(({ number }) => number);
    };
    expect(found('flags:S')).toEqual([1]);
    expect(found('lost')).toEqual([4, 6]);
    expect(found('again')).toEqual([5]);
    expect(found('data -again host:server conv:1')).toEqual([4]);
  });
  it('are read out in words', () => {
    const row = data.rows.find((each) => each.kind === 'arrow' && each.number === 5);
    expect(row && spoken(row, data)).toBe(
      '#5, 1.407 112 s, client1 → server: P. 1:9 ack 1, 33 µs. #4 again, after 203.7 ms',
    );
  });
});

describe('moments', () => {
  const flights = [{ passage: 1, from: 'a', to: 'b', left: 5, arrived: 9, lost: false }];
  const moments = momentsOf([], { ...noTracks, flights });
  it('are all instants at which anything changes, once each', () => {
    expect(moments).toEqual([0, 5, 9]);
  });
  it('are found by the instants after them', () => {
    expect([0, 4, 5, 7, 100].map((at) => momentAt(moments, at))).toEqual([0, 0, 1, 1, 2]);
  });
});
