// What was found at the hosts: the tree of all processes over time, and each look with its sockets, processes and counters.

import type { ProcessTrack } from '../../model/instant.ts';
import type { Look, ProcessRow } from '../../model/look.ts';
import { counterChanges, lookBefore } from '../counter-changes.ts';
import { type Element, h, s } from '../element.ts';
import { clockText } from '../format.ts';
import { endText, isIdle, ownerCell, queueCell, shownSockets, stateCell } from '../look-cells.ts';
import { type ProcessLeaf, processTree } from '../process-tree.ts';
import { type Words, wordsOf } from '../words.ts';
import { anchors, part, table } from './part.ts';
import type { Sheet } from './sheet.ts';

interface LookPlace {
  look: Look;
  /** Index into Report.looks. */
  index: number;
  sheet: Sheet;
  views: Words;
}

function socketTable({ look, index, sheet, views }: LookPlace): Element {
  const { rows, earlier } = shownSockets(look, sheet.report);
  const { column } = views;
  if (rows.length === 0) return h('p', { class: 'tone-dim' }, views.look.noSockets);
  const note = earlier > 0 ? h('p', { class: 'tone-dim' }, views.look.earlier(earlier)) : undefined;
  const shown = table(
    sheet.words.sections.sockets,
    [
      { title: column.row, kind: 'number' },
      { title: column.state },
      { title: column.local, kind: 'mono' },
      { title: column.peer, kind: 'mono' },
      { title: column.queue },
      { title: column.owner },
    ],
    rows.map((row) => ({
      id: anchors.lookRow(index, 'sockets', row.row),
      cells: [
        String(row.row),
        h('span', { class: `state state-${row.state}` }, row.protocol === 'udp' ? `${row.state} (udp)` : row.state),
        endText(row.local),
        endText(row.peer),
        queueCell(row, views),
        ownerCell(row, look, views),
      ],
    })),
  );
  return h('div', {}, shown, note);
}

const branch = ({ last }: ProcessLeaf): string =>
  last.map((isLast, depth) => (depth < last.length - 1 ? (isLast ? '   ' : '│  ') : isLast ? '└─ ' : '├─ ')).join('');

const commandOf = ({ state, name, command }: ProcessRow): string => (state.startsWith('Z') ? name : command);

function processTable({ look, index, sheet, views }: LookPlace): Element {
  const tree = processTree(look.processes);
  const { column } = views;
  if (tree.length === 0) return h('p', { class: 'tone-dim' }, views.look.noProcesses);
  return table(
    sheet.words.sections.processes,
    [
      { title: column.row, kind: 'number' },
      { title: column.pid, kind: 'number' },
      { title: column.process, kind: 'mono' },
      { title: column.state },
    ],
    tree.map((leaf) => ({
      id: anchors.lookRow(index, 'processes', leaf.process.row),
      cells: [
        String(leaf.process.row),
        String(leaf.process.pid),
        branch(leaf) + commandOf(leaf.process),
        stateCell(leaf.process, views),
      ],
    })),
  );
}

function counterTable({ look, sheet, views }: LookPlace): Element[] {
  const before = lookBefore(look, sheet.report.looks);
  const changes = counterChanges(look, before, Object.keys(views.counter));
  if (before === undefined || changes.length === 0) return [];
  const known = views.counter as Record<string, string>;
  return [
    h('h4', {}, sheet.words.sections.counters(before.name)),
    table(
      sheet.words.sections.counters(before.name),
      [
        { title: views.column.counter, kind: 'mono' },
        { title: sheet.words.sections.rise, kind: 'number' },
        { title: sheet.words.sections.meaning },
      ],
      changes.map(({ name, change }) => ({
        cells: [name.replace(/^TcpExt/, ''), change > 0 ? `+${change}` : String(change), known[name] ?? ''],
      })),
    ),
  ];
}

function lookElement(place: LookPlace): Element {
  const { look, index, sheet } = place;
  const { words, zero } = sheet;
  return h(
    'article',
    { id: anchors.look(index), tabindex: '-1' },
    h('h3', {}, words.heading.look(look.name, look.host, clockText(look.at - zero))),
    h('h4', {}, words.sections.sockets),
    socketTable(place),
    h('h4', {}, words.sections.processes),
    processTable(place),
    ...counterTable(place),
  );
}

/** All looks but those that found nothing new; no section where there is none. */
export function looksPart(sheet: Sheet): Element | undefined {
  const { report, words, language } = sheet;
  const views = wordsOf(language);
  const proved = new Set(
    report.verdicts.flatMap(({ proofs }) =>
      proofs.flatMap((proof) => (proof.kind === 'row' ? [`${proof.look} ${proof.host}`] : [])),
    ),
  );
  const shown = report.looks
    .map((look, index) => ({ look, index, sheet, views }))
    .filter(({ look }) => proved.has(`${look.name} ${look.host}`) || !isIdle(look, report, views));
  if (shown.length === 0) return undefined;
  const left = shown.length < report.looks.length;
  return part(
    'looks',
    words.heading.looks,
    ...shown.map(lookElement),
    ...(left ? [h('p', { class: 'tone-dim' }, words.sections.nothingNew)] : []),
  );
}

const barWidth = 240;

/** From start to end on the time of the whole run; thin where it waited in a call. */
function lifeBar({ from, until, waits }: ProcessTrack, end: number): Element {
  const x = (at: number): number =>
    Math.round((Math.min(Math.max(0, at), end) / Math.max(1, end)) * barWidth * 10) / 10;
  const stretch = (kind: string, a: number, b: number, y: number, height: number): Element =>
    s('rect', { class: kind, x: x(a), y, width: Math.max(1, x(b) - x(a)), height });
  return s(
    'svg',
    { class: 'life', width: barWidth, height: 12, viewBox: `0 0 ${barWidth} 12`, 'aria-hidden': 'true' },
    s('line', { class: 'axis', x1: 0, y1: 6, x2: barWidth, y2: 6 }),
    stretch('alive', from, until ?? end, 1, 10),
    waits.map(([entered, returned]) => stretch('waits', entered, returned ?? until ?? end, 3, 6)),
  );
}

function processItem(process: ProcessTrack, all: readonly ProcessTrack[], sheet: Sheet): Element {
  const { host, pid, program, from, until, code, signal } = process;
  const { ladder } = wordsOf(sheet.language);
  const end = signal === undefined ? code !== undefined && ladder.exited(code) : ladder.killed(signal);
  const children = all.filter((each) => each.host === host && pid !== undefined && each.parent === pid);
  const lived = sheet.words.sections.lived(clockText(from), until === undefined ? undefined : clockText(until));
  return h(
    'li',
    {},
    lifeBar(process, sheet.tracks.end),
    h('code', {}, `${pid ?? ''} ${program}`.trim()),
    h('span', { class: 'tone-dim' }, ` ${lived}${end ? `, ${end}` : ''}`),
    children.length > 0 &&
      h(
        'ul',
        {},
        children.map((child) => processItem(child, all, sheet)),
      ),
  );
}

/** Who started whom, host by host, and how long each lived. */
export function processesPart(sheet: Sheet): Element {
  const { tracks, words, report } = sheet;
  const all = tracks.processes;
  if (all.length === 0) return part('processes', words.heading.processes, h('p', {}, words.sections.noProcesses));
  const pids = new Set(all.map(({ host, pid }) => `${host} ${pid}`));
  const isRoot = ({ host, parent }: ProcessTrack): boolean => parent === undefined || !pids.has(`${host} ${parent}`);
  const hosts = report.run.hosts.map(({ name }) => name).filter((name) => all.some(({ host }) => host === name));
  return part(
    'processes',
    words.heading.processes,
    h('p', { class: 'tone-dim' }, words.sections.bars),
    h(
      'div',
      { class: 'trees' },
      hosts.map((host) =>
        h(
          'div',
          {},
          h('h3', {}, host),
          h(
            'ul',
            { class: 'tree' },
            all.filter((each) => each.host === host && isRoot(each)).map((each) => processItem(each, all, sheet)),
          ),
        ),
      ),
    ),
  );
}
