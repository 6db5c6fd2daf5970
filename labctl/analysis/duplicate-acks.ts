// The duplicate acknowledgments that had reached a sender when it sent a segment again.

import type { Conversation, Passage } from '../model/report.ts';

/** Those of the greatest acknowledgment number that had arrived, in the order of their arrival: numbers of passages. */
export function duplicateAcks(
  again: Passage,
  { passages: numbers }: Conversation,
  passages: readonly Passage[],
): number[] {
  const { tcp } = again;
  if (!tcp) return [];
  const arrived = numbers
    .map((number) => passages[number - 1] as Passage)
    .filter(
      ({ tcp: other, arrived: here }) => other?.fromInitiator === !tcp.fromInitiator && here && here.at < again.at,
    )
    .sort((a, b) => (a.arrived?.at ?? 0) - (b.arrived?.at ?? 0));
  let greatest = 0;
  let found: number[] = [];
  for (const { tcp: other, number } of arrived) {
    const ack = other?.relativeAck ?? 0;
    if (ack > greatest) found = [];
    else if (ack === greatest && other?.meaning === 'duplicate-ack') found.push(number);
    greatest = Math.max(greatest, ack);
  }
  return greatest <= tcp.relativeSeq ? found : [];
}
