// Which names labs, hosts and networks may have, and which name a lab gets when nobody gives one.

import { basename, dirname, resolve } from 'node:path';
import { LabError } from '../model/lab-error.ts';

/** The engine, Compose and every folder accept such a name; no path and no shell reads anything else into it. */
const labName = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** As scenarios write them: a DNS label that begins with a letter. */
export const hostNamePattern = /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
export const networkNamePattern = /^[a-z][a-z0-9_-]{0,39}$/;

/**
 * Compose's project name for a folder: its last part, lower-cased, without what is outside `[a-z0-9_-]`
 * (1.29, `normalize_name`), and without leading `_` and `-`, which version 2 strips and engines refuse.
 */
export function projectName(composeFile: string): string {
  const folder = basename(dirname(resolve(composeFile)));
  const name = folder
    .toLowerCase()
    .replace(/[^-_a-z0-9]/g, '')
    .replace(/^[-_]+/, '')
    .slice(0, 63);
  return name === '' ? 'default' : name;
}

/** The lab of a scenario that brings its own, so that it takes nobody else's away: `labctl-dual-stack`. */
export const scenarioLabName = (scenario: string): string =>
  `labctl-${scenario
    .toLowerCase()
    .replace(/[^-_a-z0-9]/g, '')
    .slice(0, 50)}`;

/** Of the nft table that holds the rules of a lab's wire; its name says whose it is. */
export const tableName = (lab: string): string => `labctl-${lab}`;

/**
 * The lab's name: the one given (`--lab`, COMPOSE_PROJECT_NAME), else Compose's project name.
 * Throws LabError (usage) when a given name is not fit to be one.
 */
export function labNameFor(composeFile: string, given?: string): string {
  if (given === undefined) return projectName(composeFile);
  if (labName.test(given)) return given;
  throw new LabError('usage', `${JSON.stringify(given)} cannot be the name of a lab`, {
    hint: 'a lab name is lower-case letters, digits, _ and -, begins with a letter or digit, and has at most 63',
  });
}
