// stub

import type { Lab } from '../../model/lab.ts';
import type { Work } from '../engine.ts';
import type { Api } from './api.ts';
export async function buildImages(_api: Api, _lab: Lab, _work: Work): Promise<boolean> {
  return false;
}
