// One function for each kind of a union, with the compiler watching that no kind is forgotten.

interface Kinded {
  kind: string;
}

export type ByKind<Union extends Kinded, Context, Result> = {
  [Kind in Union['kind']]: (value: Extract<Union, { kind: Kind }>, context: Context) => Result;
};

/** What the function for this value's kind gives. */
export function byKind<Union extends Kinded, Context, Result>(
  table: ByKind<Union, Context, Result>,
  value: Union,
  context: Context,
): Result {
  const chosen = table[value.kind as Union['kind']] as (value: Union, context: Context) => Result;
  return chosen(value, context);
}
