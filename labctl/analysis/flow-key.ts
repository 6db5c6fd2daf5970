// Flows as numbers: cheap keys for maps that are asked once for every packet.

/** Gives each distinct value its place in order of appearance, from 0. */
function numbering(): (value: string | number) => number {
  const places = new Map<string | number, number>();
  return (value) => {
    const known = places.get(value);
    if (known !== undefined) return known;
    places.set(value, places.size);
    return places.size - 1;
  };
}

/** One end of a flow as the key maker wants it. */
export interface KeyEnd {
  address: string;
  port: number;
}

/**
 * Makes a function from (scope, source, destination) to a number below 2^53, the same for the same flow and direction.
 * Holds for up to 2^16 addresses, 2^16 scopes and 2^21 pairs of them.
 */
export function flowKeys(): (scope: string, source: KeyEnd, destination: KeyEnd) => number {
  const scopeNumber = numbering();
  const addressNumber = numbering();
  const pairNumber = numbering();
  return (scope, source, destination) => {
    const pair = (scopeNumber(scope) * 65_536 + addressNumber(source.address)) * 65_536;
    const ports = source.port * 65_536 + destination.port;
    return pairNumber(pair + addressNumber(destination.address)) * 4_294_967_296 + ports;
  };
}
