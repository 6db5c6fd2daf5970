// For tests: what a reader complains of, as one text with a line for each complaint.

import { LabError, LabErrors, placeText } from '../model/lab-error.ts';

const lineOf = ({ message, where, hint }: LabError): string => {
  const place = typeof where === 'object' ? placeText(where) : (where ?? 'nowhere');
  return `${place}  ${message}${hint === undefined ? '' : `\n    ${hint}`}`;
};

/** The complaints of `read`, or `no complaint`. Anything but a LabError passes through. */
export function complaintsText(read: () => unknown): string {
  try {
    read();
    return 'no complaint';
  } catch (error) {
    if (error instanceof LabErrors) return error.errors.map(lineOf).join('\n');
    if (error instanceof LabError) return lineOf(error);
    throw error;
  }
}
