// A report as JSON for other programs: versioned, without payloads (they are in the captures).

import type { Passage, Report } from '../model/report.ts';

/** Raised when a reader of the old form would misread the new one. */
export const reportVersion = 1;

function withoutPayload(passage: Passage): object {
  return { ...passage, packet: { ...passage.packet, payload: undefined, bytes: undefined } };
}

/** Everything in the report, indented by two spaces; `--json` prints it. */
export function reportJson(report: Report): string {
  return JSON.stringify({ version: reportVersion, ...report, passages: report.passages.map(withoutPayload) }, null, 2);
}
