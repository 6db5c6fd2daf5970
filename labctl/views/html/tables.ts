// The tables of the page: ports, a program's calls with their source lines, kernel counters.

import { endpointText } from '../../model/endpoint.ts';
import type { CallTableRow, Conversation } from '../../model/report.ts';
import { type Element, h } from '../element.ts';
import { clockText, countText, durationText } from '../format.ts';
import { wordsOf } from '../words.ts';
import { anchors, link, type PageCell, part, table } from './part.ts';
import type { Sheet } from './sheet.ts';

function endCell({ host, endpoint, program }: Conversation['initiator']): PageCell {
  return h(
    'span',
    {},
    ...(host === endpoint.address ? [] : [h('strong', {}, host), ' ']),
    h('code', {}, endpointText(endpoint)),
    program !== undefined && h('span', { class: 'tone-dim' }, ` ${program}`),
  );
}

/** Who asked from which port, who answered at which, how it ended; a button shows one alone. */
export function conversationsPart({ report, words, language }: Sheet): Element {
  const { column, closing } = wordsOf(language);
  const title = words.heading.conversations;
  if (report.conversations.length === 0)
    return part('conversations', title, h('p', {}, words.sections.noConversations));
  const rows = report.conversations.map((conversation) => {
    const { index, initiator, responder, bytes, start, end, initialRtt, handshake } = conversation;
    const number = index + 1;
    const first = handshake.syn ?? conversation.passages[0];
    return {
      id: `conversation-${number}`,
      cells: [
        h(
          'button',
          { type: 'button', class: 'pick', 'data-conversation': number, 'aria-label': words.sections.show(number) },
          String(number),
        ),
        endCell(initiator),
        endCell(responder),
        first === undefined ? '' : link(anchors.packet(first), `#${first}`),
        closing[conversation.closing],
        countText(bytes.fromInitiator),
        countText(bytes.fromResponder),
        initialRtt === undefined ? '' : durationText(initialRtt),
        durationText(end - start),
      ],
    };
  });
  const number = 'number' as const;
  return part(
    'conversations',
    title,
    table(
      title,
      [
        { title: column.number, kind: number },
        { title: column.initiator },
        { title: column.responder },
        { title: 'SYN', kind: number },
        { title: column.ended },
        { title: column.sent, kind: number },
        { title: column.received, kind: number },
        { title: 'RTT', kind: number },
        { title: column.duration, kind: number },
      ],
      rows,
    ),
  );
}

function sentCell(numbers: readonly number[], none: string): PageCell {
  if (numbers.length === 0) return { text: none, tone: 'dim' };
  return h(
    'span',
    {},
    numbers.slice(0, 8).flatMap((number, index) => [index > 0 ? ', ' : '', link(anchors.packet(number), `#${number}`)]),
    numbers.length > 8 && ' …',
  );
}

const sourceCell = ({ line }: CallTableRow): PageCell =>
  line === undefined
    ? ''
    : h(
        'span',
        {},
        h('code', { class: 'tone-dim' }, `${line.file}:${line.line}`),
        line.text === undefined ? undefined : h('code', { class: 'source' }, line.text.trim()),
      );

/** A section for each program whose life the scenario lists. */
export function programParts({ report, words, language, zero }: Sheet): Element[] {
  const { column, callTable } = wordsOf(language);
  return report.callTables.map(({ program, rows }, place) => {
    const title = words.heading.program(program);
    return part(
      `program-${place + 1}`,
      title,
      table(
        title,
        [
          { title: column.number, kind: 'number' },
          { title: column.source },
          { title: column.call },
          { title: column.time, kind: 'number' },
          { title: column.packets },
        ],
        rows.map((row) => ({
          cells: [
            String(row.number),
            sourceCell(row),
            h(
              'a',
              { href: `#${anchors.call(row.callIndex)}`, class: 'tone-call' },
              h('code', {}, row.result === '' || row.result === '…' ? `${row.call} …` : `${row.call} = ${row.result}`),
            ),
            clockText(row.at - zero),
            sentCell(row.passages, callTable.noPacket),
          ],
        })),
      ),
    );
  });
}

/** Every counter that rose, its meaning where it has one here; without any there is no section. */
export function countersPart({ tracks, words, language }: Sheet): Element | undefined {
  const { counter, column } = wordsOf(language);
  const known = counter as Record<string, string>;
  const rows = tracks.counters
    .filter(({ name }) => known[name] !== undefined)
    .map(({ host, name, rises }) => ({
      cells: [
        host,
        h('code', {}, name.replace(/^TcpExt/, '')),
        `+${rises.at(-1)?.[1] ?? 0}`,
        h(
          'span',
          {},
          rises
            .slice(0, 6)
            .flatMap(([at, rise], index) => [
              index > 0 ? ', ' : '',
              link(anchors.moment(at), clockText(at)),
              ` (+${rise})`,
            ]),
        ),
        known[name] ?? '',
      ],
    }));
  if (rows.length === 0) return undefined;
  return part(
    'counters',
    words.heading.counters,
    table(
      words.heading.counters,
      [
        { title: column.host },
        { title: column.counter },
        { title: words.sections.rise, kind: 'number' },
        { title: column.time },
        { title: words.sections.meaning },
      ],
      rows,
    ),
  );
}
