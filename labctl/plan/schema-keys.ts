// Knows which keys a zod schema takes at a path, so that a wrong key can be answered with the right ones.

import type { z } from 'zod';
import type { Path } from './source.ts';

/** The parts of a zod definition that lead on; zod publishes them as `_zod.def`. */
interface Definition {
  type: string;
  innerType?: z.core.$ZodType;
  in?: z.core.$ZodType;
  element?: z.core.$ZodType;
  valueType?: z.core.$ZodType;
  options?: readonly z.core.$ZodType[];
  shape?: Record<string, z.core.$ZodType>;
}

const definition = (schema: z.core.$ZodType): Definition => schema._zod.def as unknown as Definition;

/** The schema without optional, default and transformation, with every alternative of a union on its own. */
function alternatives(schema: z.core.$ZodType): z.core.$ZodType[] {
  const { options, innerType, in: input } = definition(schema);
  if (options !== undefined) return options.flatMap(alternatives);
  const inner = innerType ?? input;
  return inner === undefined ? [schema] : alternatives(inner);
}

function below(schema: z.core.$ZodType, part: string | number): z.core.$ZodType[] {
  return alternatives(schema).flatMap((alternative) => {
    const { shape, element, valueType } = definition(alternative);
    return shape?.[String(part)] ?? element ?? valueType ?? [];
  });
}

/** The keys that maps at this path may have; empty where any key is fine or none is. */
export function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  let schemas = [schema];
  for (const part of path) schemas = schemas.flatMap((above) => below(above, part));
  const keys = schemas.flatMap(alternatives).flatMap((alternative) => Object.keys(definition(alternative).shape ?? {}));
  return [...new Set(keys)];
}
