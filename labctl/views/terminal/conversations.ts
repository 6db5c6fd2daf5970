// The table of ports: who asked from which port, who answered at which, how it ended.

import { endpointText } from '../../model/endpoint.ts';
import type { Conversation } from '../../model/report.ts';
import { countText, durationText } from '../format.ts';
import type { TerminalStyle, Tone } from '../style.ts';
import { type Cell, tableLines } from '../table.ts';
import { wordsOf } from '../words.ts';

const toneOf: Record<Conversation['closing'], Tone> = {
  open: 'warning',
  'fin-both': 'plain',
  'fin-initiator': 'warning',
  'fin-responder': 'warning',
  reset: 'bad',
  refused: 'bad',
  'no-answer': 'bad',
};

const endText = ({ host, endpoint }: Conversation['initiator']): string =>
  host === endpoint.address ? endpointText(endpoint) : `${host} ${endpointText(endpoint)}`;

/** The lines of the table, none when there was no conversation. */
export function conversationLines(conversations: readonly Conversation[], style: TerminalStyle): string[] {
  if (conversations.length === 0) return [];
  const words = wordsOf(style.language);
  const { column } = words;
  const rows = conversations.map((conversation): Cell[] => [
    { text: String(conversation.index + 1), tone: 'dim' },
    endText(conversation.initiator),
    endText(conversation.responder),
    { text: words.closing[conversation.closing], tone: toneOf[conversation.closing] },
    countText(conversation.bytes.fromInitiator),
    countText(conversation.bytes.fromResponder),
    durationText(conversation.end - conversation.start),
  ]);
  const right = 'right' as const;
  const columns = [
    { title: column.number, align: right },
    { title: column.initiator, overflow: 'wrap' as const },
    { title: column.responder, overflow: 'wrap' as const },
    { title: column.ended, overflow: 'wrap' as const },
    { title: column.sent, align: right },
    { title: column.received, align: right },
    { title: column.duration, align: right },
  ];
  return tableLines(columns, rows, style);
}
