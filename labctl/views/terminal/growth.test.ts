import { describe, expect, it } from 'vitest';
import type { Report } from '../../model/report.ts';
import { reportPage } from '../html/document.ts';
import { pageWordsOf } from '../html/words.ts';
import { plainStyle, Story, storyStart } from '../testing.ts';
import { growthLines } from './growth.ts';

/** Slow start in round trips of 50 ms, a loss, half of it, and one segment more a round trip; the server only answers. */
function measured(): Report {
  const story = new Story({ client1: '10.0.0.11', server: '10.0.0.2' });
  story.conversation('client1', 41022, 'server', 5000);
  const [mine, other] = [story.endpoint('client1', 41022), story.endpoint('server', 5000)];
  const windows = [10, 20, 40, 80, 160, 80, 81, 82, 83, 84, 85, 86];
  story.report.samples = windows.flatMap((segments, index) => {
    const at = storyStart + 100_000 + index * 50_000;
    const window = segments * 1000;
    const sample = { at, algorithm: 'reno', congestionWindow: window, peerWindow: 65_000 + index * 20_000 };
    return [
      { ...sample, host: 'client1', local: mine, peer: other, inFlight: index === 11 ? 3000 : window - 4000 },
      { ...sample, host: 'server', local: other, peer: mine, inFlight: 0 },
    ];
  });
  const [conversation] = story.report.conversations;
  if (conversation) conversation.initiator.program = 'c1';
  return story.report;
}

describe('growthLines', () => {
  it('draws what was in flight, and the window over it', () => {
    expect(`\n${growthLines(measured(), { ...plainStyle, width: 60 }).join('\n')}`).toMatchInlineSnapshot(`
      "

      Bytes in flight and the congestion window ──────────────────
       █ bytes in flight: sent, and neither acknowledged nor held
       to be lost ─ congestion window (ss -ti)

       c1 at client1, conversation 1: reno
         200 kB ┤
                │
                │                 ────
                │                 ████
                │                 ████
         100 kB ┤                 ████     ──────────────────────
                │             ────████─────▇▇▇▇▇▇▇▇█████████████
                │             ██████████████████████████████████
                │        ─────██████████████████████████████████
                │────────███████████████████████████████████████▁
              0 ┴────────────────────────────────────────────────
                 0.100 s                                  0.650 s
                 at most 156 kB in flight, congestion window up to
                 160 kB
                 the peer’s receive window: from 65 kB to 285 kB"
    `);
  });

  it('needs nothing but ASCII, and speaks French', () => {
    const style = { ...plainStyle, width: 40, unicode: false, language: 'fr' } as const;
    expect(`\n${growthLines(measured(), style).slice(5).join('\n')}`).toMatchInlineSnapshot(`
      "
       congestion (ss -ti)

       c1 sur client1, conversation 1 : reno
         200 kB +
                |
                |          ##
                |          ##
                |          ##
         100 kB +          ##   -------------
                |       ####################
                |       ####################
                |     ######################
                |--#########################
              0 +----------------------------
                 0.100 s              0.650 s
                 au plus 156 kB en vol,
                 fenetre de congestion jusqu'a
                 160 kB
                 la fenetre de reception de
                 l'autre : de 65 kB a 285 kB"
    `);
  });

  it('has no section where nothing was measured, or another conversation is shown', () => {
    expect(growthLines({ ...measured(), samples: [] }, plainStyle)).toEqual([]);
    expect(growthLines(measured(), plainStyle, 2)).toEqual([]);
  });
});

describe('the page', () => {
  it('has the same as a picture with words', () => {
    const tracks = { sockets: [], flights: [], processes: [], counters: [], end: 0 };
    const sheet = { report: measured(), tracks, zero: storyStart, words: pageWordsOf('en'), answer: () => '' };
    const page = reportPage({ ...sheet, language: 'en' }, { css: '', script: '' });
    const [svg = ''] = /<svg class="growth".*?<\/svg>/s.exec(page) ?? [];
    expect(svg).toContain('<title>c1 at client1, conversation 1: reno</title>');
    expect(svg).toContain('<desc>at most 156 kB in flight, congestion window up to 160 kB');
    expect(svg.match(/<path class="(flight|window|peer)" d="M[^"]*V/g)).toHaveLength(3);
  });
});
