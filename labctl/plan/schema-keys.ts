// Knows which keys a zod schema takes at a path, so that a wrong key can be answered with the right ones.

import type { z } from 'zod';
import type { Path } from './source.ts';

/** The parts of a zod definition that lead on; which of them are there depends on the type. */
interface Definition extends z.core.$ZodTypeDef {
  innerType?: z.ZodType;
  in?: z.ZodType;
  element?: z.ZodType;
  valueType?: z.ZodType;
  options?: readonly z.ZodType[];
  shape?: Record<string, z.ZodType>;
}

const definition = (schema: z.ZodType): Definition => schema.def;

/** The schema without optional, default and transformation, with every alternative of a union on its own. */
function alternatives(schema: z.ZodType): z.ZodType[] {
  const { options, innerType, in: input } = definition(schema);
  if (options !== undefined) return options.flatMap(alternatives);
  const inner = innerType ?? input;
  return inner === undefined ? [schema] : alternatives(inner);
}

function below(schema: z.ZodType, part: string | number): z.ZodType[] {
  return alternatives(schema).flatMap((alternative) => {
    const { shape, element, valueType } = definition(alternative);
    return shape?.[String(part)] ?? element ?? valueType ?? [];
  });
}

/** The keys that maps at this path may have; empty where any key is fine or none is. */
export function keysAt(schema: z.ZodType, path: Path): string[] {
  let schemas = [schema];
  for (const part of path) schemas = schemas.flatMap((above) => below(above, part));
  const keys = schemas.flatMap(alternatives).flatMap((alternative) => Object.keys(definition(alternative).shape ?? {}));
  return [...new Set(keys)];
}
