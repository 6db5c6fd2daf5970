// The one complaint of the text readers: a line of tool output that is not what the tool prints.

import { LabError } from '../model/lab-error.ts';

/** A LabError that names the tool, the line and its beginning. */
export const badLine = (tool: string, number: number, line: string): LabError =>
  new LabError('usage', `not a line of ${tool}: ${JSON.stringify(line.slice(0, 80))}`, {
    where: `${tool} line ${number}`,
    hint: `The file was changed, cut off, or written by another ${tool}.`,
  });
