// Every expectation with its verdict, and links to what proves it.

import type { Proof, Report, Verdict, VerdictWord } from '../../model/report.ts';
import { type Child, type Element, h } from '../element.ts';
import { clockText } from '../format.ts';
import { type Words, wordsOf } from '../words.ts';
import { anchors, link, part, tied } from './part.ts';
import type { Sheet } from './sheet.ts';

export const verdictMarks: Record<VerdictWord, string> = { met: '✓', unmet: '✗', 'not-observable': '?' };

/** More links than these would bury the sentence. */
const mostProofs = 12;

function frameProof(proof: Extract<Proof, { kind: 'frame' }>, { verdicts }: Words): Child[] {
  const point = `${proof.point.host}/${proof.point.interface}`;
  return [
    link(anchors.packet(proof.passage), `#${proof.passage}`),
    h('span', { class: 'tone-dim' }, ` (${verdicts.frame(point, String(proof.frame))})`),
  ];
}

function proofContent(proof: Proof, { report, zero }: Sheet, words: Words): Child[] {
  if (proof.kind === 'frame') return frameProof(proof, words);
  if (proof.kind === 'call') {
    const name = report.calls[proof.call]?.name ?? '';
    return [link(anchors.call(proof.call), words.verdicts.call(proof.program, name, String(proof.number)))];
  }
  if (proof.kind === 'output') {
    const at = proof.at - zero;
    return [link(anchors.moment(at), words.verdicts.output(proof.program, clockText(at)))];
  }
  const { look: name, host, table, row } = proof;
  const index = report.looks.findIndex((look) => look.name === name && look.host === host);
  return [link(anchors.lookRow(index, table, row), words.verdicts.rows(name, host, table, String(row)))];
}

function proofList(verdict: Verdict, sheet: Sheet, words: Words): Element {
  const shown = verdict.proofs.slice(0, mostProofs).map((proof) => h('li', {}, proofContent(proof, sheet, words)));
  const more = verdict.proofs.length - shown.length;
  const absence = shown.length === 0 && verdict.verdict === 'met' ? verdict.seen[sheet.language] : '';
  return h(
    'ul',
    { class: 'proofs' },
    shown,
    more > 0 && h('li', {}, words.verdicts.more(more)),
    absence !== '' && h('li', {}, absence),
    h('li', {}, h('code', {}, verdict.at)),
  );
}

function compared({ expected, seen, verdict }: Verdict, { language }: Sheet, { verdicts }: Words): Element | undefined {
  if (verdict === 'met') return undefined;
  return h(
    'dl',
    { class: 'compared' },
    h('dt', {}, verdicts.expected),
    h('dd', {}, expected[language]),
    h('dt', {}, verdicts.seen),
    h('dd', {}, seen[language]),
  );
}

/** `15 of 15 expectations met`. */
export function verdictSummary({ verdicts }: Report, { verdicts: words }: Words): string {
  const count = (word: VerdictWord): number => verdicts.filter(({ verdict }) => verdict === word).length;
  const [unmet, unseen] = [count('unmet'), count('not-observable')];
  return [
    words.all(count('met'), verdicts.length),
    ...(unmet > 0 ? [words.unmet(unmet)] : []),
    ...(unseen > 0 ? [words.notObservable(unseen)] : []),
  ].join(', ');
}

/** All verdicts in the order of the scenario, unmet ones with what was expected and seen. */
export function verdictsPart(sheet: Sheet): Element {
  const { report, words, language } = sheet;
  const views = wordsOf(language);
  if (report.verdicts.length === 0)
    return part('verdicts', words.heading.verdicts, h('p', {}, words.sections.noVerdicts));
  return part(
    'verdicts',
    words.heading.verdicts,
    h('p', { class: `summary verdict-${report.verdict}` }, verdictSummary(report, views)),
    h(
      'ol',
      { class: 'verdicts' },
      report.verdicts.map((verdict) =>
        h(
          'li',
          { class: `verdict-${verdict.verdict}` },
          h('span', { class: 'badge' }, `${verdictMarks[verdict.verdict]} ${words.verdict[verdict.verdict]}`),
          h(
            'div',
            {},
            h('p', {}, tied(verdict.expectation.say[language].trim())),
            compared(verdict, sheet, views),
            proofList(verdict, sheet, views),
          ),
        ),
      ),
    ),
  );
}
