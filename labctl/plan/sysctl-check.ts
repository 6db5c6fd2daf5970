// What kernel settings a scenario may ask for: of hosts that take part.

import type { LabError } from '../model/lab-error.ts';
import { type Names, wrongHost } from './scenario-names.ts';

export const wrongSysctls = (names: Names): LabError[] =>
  Object.keys(names.scenario.sysctls ?? {}).flatMap((host) => wrongHost(names, host, ['sysctls', host]));
