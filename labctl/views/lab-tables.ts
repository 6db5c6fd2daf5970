// The lab outside of a run: hosts and who listens, scenarios, and what the doctor found.

import { endpointText } from '../model/endpoint.ts';
import type { Text } from '../model/language.ts';
import type { SocketRow } from '../model/look.ts';
import { paint, type TerminalStyle } from './style.ts';
import { type Cell, tableLines } from './table.ts';
import { visible } from './visible.ts';
import { wrap } from './width.ts';
import { type Words, wordsOf } from './words.ts';

export interface ShownLab {
  name: string;
  engine: string;
  hosts: {
    name: string;
    state: keyof Words['lab']['state'];
    image: string;
    addresses: { network: string; address: string }[];
  }[];
  /** Host name → its listening sockets; of running hosts those are missing that were too busy to say. */
  listeners?: Record<string, SocketRow[]>;
}

const ownerText = (row: SocketRow): string => row.owners.map(({ name }) => name).join(', ');

const listenerText = (row: SocketRow): string =>
  [row.protocol, endpointText(row.local), ownerText(row) && `(${ownerText(row)})`].filter(Boolean).join(' ');

function labLines(lab: ShownLab, style: TerminalStyle): string[] {
  const { column, lab: words } = wordsOf(style.language);
  const rows = lab.hosts.map(({ name, state, addresses }): Cell[] => [
    { text: name, tone: 'strong' },
    { text: words.state[state], tone: state === 'running' ? 'good' : 'warning' },
    addresses.map(({ network, address }) => `${address} ${network}`).join(', '),
    state === 'running' && lab.listeners !== undefined && lab.listeners[name] === undefined
      ? { text: words.busy, tone: 'warning' }
      : (lab.listeners?.[name] ?? []).map(listenerText).join(', '),
  ]);
  const columns = [
    { title: column.host },
    { title: column.state },
    { title: column.addresses, overflow: 'wrap' as const },
    { title: column.listens, overflow: 'wrap' as const },
  ];
  return [
    paint(style, 'strong', visible(words.title(lab.name, lab.engine), style)),
    ...tableLines(columns, rows, style),
  ];
}

/** Every lab with its hosts, addresses and listeners. */
export function labsText(labs: readonly ShownLab[], style: TerminalStyle): string {
  if (labs.length === 0) return wordsOf(style.language).lab.none;
  return labs.map((lab) => labLines(lab, style).join('\n')).join('\n\n');
}

/** What `up` did, and the lab as it is now. */
export function upText({ changed, lab }: { changed: boolean; lab: ShownLab }, style: TerminalStyle): string {
  const words = wordsOf(style.language).lab;
  const said = changed ? words.up(lab.name, lab.engine, lab.hosts.length) : words.unchanged(lab.name, lab.engine);
  const hosts = lab.hosts.map(({ name, addresses }): Cell[] => [
    { text: name, tone: 'strong' },
    addresses.map(({ address }) => address).join(', '),
  ]);
  return [
    ...wrap(visible(said, style), style.width),
    ...tableLines([{ title: '' }, { title: '', overflow: 'wrap' }], hosts, style),
  ].join('\n');
}

/** Which engine was taken where nobody asked for one, and the command for Docker where it was the other. */
export function engineText(engine: string, onDocker: string, style: TerminalStyle): string {
  const said = wrap(visible(wordsOf(style.language).lab.engineTaken(engine), style), style.width);
  return [...said, ...(engine === 'docker' ? [] : [`  ${paint(style, 'strong', visible(onDocker, style))}`])].join(
    '\n',
  );
}

/** `stuck`: networks that the engine did not let go of. */
export const downText = (lab: string, removed: number, stuck: number, style: TerminalStyle): string =>
  wrap(visible(wordsOf(style.language).lab.down(lab, removed, stuck), style), style.width).join('\n');

/** The scenarios that can be run: name and title, what each shows below. */
export function scenariosText(
  scenarios: readonly { name: string; title: Text; about: Text }[],
  style: TerminalStyle,
): string {
  if (scenarios.length === 0) return visible(wordsOf(style.language).lab.noScenarios, style);
  const { language } = style;
  return scenarios
    .map(({ name, title, about }) =>
      [
        paint(style, 'strong', visible(name, style)),
        ...wrap(visible(title[language], style), style.width - 2).map((line) => `  ${line}`),
        ...wrap(visible(about[language].trim().replace(/\s+/g, ' '), style), Math.min(style.width, 100) - 2).map(
          (line) => `  ${paint(style, 'dim', line)}`,
        ),
      ].join('\n'),
    )
    .join('\n\n');
}

export interface DoctorLine {
  what: string;
  state: 'ok' | 'mended' | 'untried' | 'todo';
  detail: string;
  todo?: string;
  optional?: boolean;
}

const doctorMarks = { ok: '✓', mended: '✓', untried: '?', todo: '✗' } as const;

const doctorTones = { ok: 'good', mended: 'good', untried: 'dim', todo: 'bad' } as const;

function doctorRow(row: DoctorLine, style: TerminalStyle): Cell[] {
  const { doctor } = wordsOf(style.language);
  const optional = row.state === 'todo' && row.optional === true;
  const tone = optional ? 'warning' : doctorTones[row.state];
  return [
    { text: `${optional ? '·' : doctorMarks[row.state]} ${optional ? doctor.optional : doctor[row.state]}`, tone },
    row.what,
    [row.detail, row.todo && `→ ${row.todo}`].filter(Boolean).join(' '),
  ];
}

/** One line a thing that labctl needs: ok, mended, not tried, or what to do. */
export function doctorText(rows: readonly DoctorLine[], style: TerminalStyle): string {
  const columns = [{ title: '' }, { title: '' }, { title: '', overflow: 'wrap' as const }];
  return tableLines(
    columns,
    rows.map((row) => doctorRow(row, style)),
    style,
    0,
  ).join('\n');
}
