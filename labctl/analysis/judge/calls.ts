// Judges `calls`: did the program make these system calls, in this order?

import type { Call } from '../../model/call.ts';
import { endpointText } from '../../model/endpoint.ts';
import type { ExpectationOf } from '../../model/expectation.ts';
import { same, type Text } from '../../model/language.ts';
import { type CallPattern, parseCallPattern, parseSocketEnd } from '../../model/notation.ts';
import type { Proof, TracedCall } from '../../model/report.ts';
import type { Count } from '../../model/scenario-words.ts';
import { callText, resultText } from '../call-text.ts';
import { compared, counted } from './count.ts';
import { addressesOf, cutShort, type Evidence, type Finding, isWithin, listed, traceGap } from './evidence.ts';

/** One request by several names, as the C library and the kernel choose. */
const families = [
  ['accept', 'accept4'],
  ['clone', 'clone3', 'fork', 'vfork'],
  ['exit_group', 'exit'],
];

const namesFor = (name: string): string[] => families.find((names) => names.includes(name)) ?? [name];

/** Descriptors of files (`3</etc/ld.so.cache>`) are the loader's; a number means a socket, a pipe, or a plain number. */
const isDescriptor = (text: string, number: string): boolean =>
  text.replace(/<.*$/s, '') === number && !text.startsWith(`${number}</`);

/** A test for the argument of a pattern: an endpoint, a descriptor, or a piece of any argument's text. */
function argumentTest(argument: string, evidence: Evidence): (call: Call) => boolean {
  if (/^\d+$/.test(argument)) return ({ args }) => args.some((text) => isDescriptor(text, argument));
  const end = parseSocketEnd(argument);
  const { host, network, port } = 'value' in end ? end.value : {};
  if (host !== undefined) {
    const addresses = addressesOf(evidence, host, network);
    return ({ address }) =>
      address !== undefined && addresses.has(address.address) && (port === undefined || port === address.port);
  }
  return ({ args, address }) =>
    (address !== undefined && endpointText(address) === argument) || args.some((text) => text.includes(argument));
}

/** That a call was made is known when it is entered, what it gave when it returns. */
const evidentAt = ({ at, took }: Call, { result, errno }: CallPattern): number =>
  result === undefined && errno === undefined ? at : at + (took ?? 0);

function test(pattern: CallPattern, evidence: Evidence): (call: Call) => boolean {
  const names = namesFor(pattern.name);
  const fits = pattern.argument === undefined ? () => true : argumentTest(pattern.argument, evidence);
  const { result, errno } = pattern;
  return (call) =>
    names.includes(call.name) &&
    isWithin(evidence.window, evidentAt(call, pattern)) &&
    (result === undefined || call.result === result) &&
    (errno === undefined || call.errno === errno) &&
    fits(call);
}

const text = (call: TracedCall): string =>
  `${callText(call)} = ${resultText(call)} [${call.program} call ${call.number}]`;

/** The calls found in order, each the first that fits after the one before it. */
function inOrder(tests: readonly ((call: Call) => boolean)[], calls: readonly TracedCall[]): TracedCall[] {
  const found: TracedCall[] = [];
  for (const call of calls) if (tests[found.length]?.(call)) found.push(call);
  return found;
}

const noneOf = (calls: number, program: string): Text => ({
  en: `none among ${calls} calls of ${program}`,
  fr: `aucun parmi ${calls} appels de ${program}`,
});

const blindness = (evidence: Evidence, program: string): Text | undefined =>
  traceGap(evidence, program) ?? cutShort(evidence);

const proof = ({ program, number, index }: TracedCall): Proof => ({ kind: 'call', program, number, call: index });

/** `count:` asks how many calls of one kind there were; the plan lets it stand beside one pattern only. */
function countCalls(
  { by, calls }: ExpectationOf<'calls'>,
  count: Count,
  [pattern]: readonly CallPattern[],
  { mine, evidence }: { mine: readonly TracedCall[]; evidence: Evidence },
): Finding {
  const found = pattern ? mine.filter(test(pattern, evidence)) : [];
  const none = noneOf(mine.filter(({ at }) => isWithin(evidence.window, at)).length, by);
  const list = listed(found.map(text), none);
  return {
    ...compared(found.length, count, blindness(evidence, by)),
    expected: counted(count, same(calls.join('; '))),
    seen: found.length === 0 ? none : { en: `${found.length}: ${list.en}`, fr: `${found.length} : ${list.fr}` },
    none,
    proofs: found.map(proof),
  };
}

export function judgeCalls(expectation: ExpectationOf<'calls'>, evidence: Evidence): Finding {
  const patterns = expectation.calls.flatMap((pattern) => {
    const parsed = parseCallPattern(pattern);
    return 'value' in parsed ? [parsed.value] : [];
  });
  const mine = evidence.found.calls.filter(({ program }) => program === expectation.by);
  if (expectation.count !== undefined) return countCalls(expectation, expectation.count, patterns, { mine, evidence });
  const found = inOrder(
    patterns.map((pattern) => test(pattern, evidence)),
    mine,
  );
  const matched = found.length === patterns.length;
  const inWindow = ({ at }: Call): boolean => isWithin(evidence.window, at);
  const wanted = new Set(patterns.slice(found.length).flatMap(({ name }) => namesFor(name)));
  const last = found.at(-1)?.index ?? -1;
  const rest = matched
    ? []
    : mine
        .filter(({ name, index }) => index > last && wanted.has(name))
        .filter(inWindow)
        .map(text);
  return {
    matched,
    expected: same(expectation.calls.join('; ')),
    seen: listed([...found.map(text), ...rest], { en: 'no such call', fr: 'aucun appel de ce genre' }),
    none: noneOf(mine.filter(inWindow).length, expectation.by),
    proofs: found.map(proof),
    blind: blindness(evidence, expectation.by),
  };
}
