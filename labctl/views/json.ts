// A report as JSON for other programs: versioned, without payloads (they are in the captures).

import type { Packet } from '../model/packet.ts';
import type { Passage, Report } from '../model/report.ts';

/** Raised when a reader of the old form would misread the new one. */
export const reportVersion = 1;

export type JsonReport = Omit<Report, 'passages'> & {
  version: typeof reportVersion;
  passages: (Omit<Passage, 'packet'> & { packet: Omit<Packet, 'payload' | 'bytes'> })[];
};

function withoutPayload({ packet: { payload: _payload, bytes: _bytes, ...packet }, ...passage }: Passage) {
  return { ...passage, packet };
}

/** Everything in the report, indented by two spaces; `--json` prints it, and model/report-schema.ts describes it. */
export function reportJson(report: Report): string {
  const json: JsonReport = { version: reportVersion, ...report, passages: report.passages.map(withoutPayload) };
  return JSON.stringify(json, null, 2);
}
