// How a command is declared: commander's tree on one side, `(session, …arguments) → exit code` on the other.

import type { Command } from '@commander-js/extra-typings';
import type { Session } from './session.ts';

/** The top of the tree, with the options that every command understands. */
// biome-ignore lint: commander's own type for "any command"
export type Program = Command<any, any, any>;

/** Wraps a run so that its exit code reaches main and it gets a session made from the global options. */
export type Act = <Arguments extends unknown[]>(
  run: (session: Session, ...args: Arguments) => Promise<number>,
) => (...args: Arguments) => Promise<void>;

export type Declare = (program: Program, act: Act) => void;

/** The `Examples:` block at the end of a command's help. */
export const examples = (...lines: [string, string][]): string => {
  const width = Math.max(...lines.map(([command]) => command.length));
  return `\nExamples:\n${lines.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`).join('\n')}`;
};
