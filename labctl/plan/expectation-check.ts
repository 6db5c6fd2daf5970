// What expectations may refer to, and the notation of the segments, calls and socket ends in them.

import type { Expectation, ExpectationKind, ExpectationOf } from '../model/expectation.ts';
import type { LabError } from '../model/lab-error.ts';
import { type EndPattern, type Parsed, parseCallPattern, parseSocketEnd } from '../model/notation.ts';
import { type PacketPattern, parsePacketPattern } from '../model/packet-pattern.ts';
import { parseStatePattern } from '../model/state-pattern.ts';
import { complaint } from './complaints.ts';
import type { Read } from './scenario.ts';
import { loopback, type Names, repeated, wrongHost, wrongNetwork, wrongProgram, wrongStep } from './scenario-names.ts';
import type { Path } from './source.ts';
import { didYouMean } from './suggest.ts';

/** Everything that is wrong with the expectations of a scenario whose steps are right. */
export function wrongExpectations(names: Names, expectations: readonly Read<Expectation>[]): LabError[] {
  const ids = expectations.map(({ value: { id }, path }) => ({ name: id, path: [...path, 'id'] }));
  return [
    ...repeated(names.source, 'expectation', ids),
    ...expectations.flatMap((one) => wrongExpectation(names, one)),
  ];
}

function wrongExpectation(names: Names, { value, path }: Read<Expectation>): LabError[] {
  return [...wrongSpan(names, value, path), ...wrongContent(names, value, path)];
}

function wrongSpan(names: Names, { after, before }: Expectation, path: Path): LabError[] {
  const wrong = [
    ...(after === undefined ? [] : wrongStep(names, after, [...path, 'after'])),
    ...(before === undefined ? [] : wrongStep(names, before, [...path, 'before'])),
  ];
  if (wrong.length > 0 || after === undefined || before === undefined) return wrong;
  if ((names.steps.get(after) ?? 0) < (names.steps.get(before) ?? 0)) return [];
  return [complaint(`nothing lies after "${after}" and before "${before}"`, names.source.place([...path, 'before']))];
}

type Check<Kind extends ExpectationKind> = (names: Names, value: ExpectationOf<Kind>, path: Path) => LabError[];

const checks: { [Kind in ExpectationKind]: Check<Kind> } = {
  segments: (names, value, path) => [
    ...maybeProgram(names, value.of, [...path, 'of']),
    ...wrongPackets(names, value.segments, [...path, 'segments']),
    ...wrongCount(names, value, value.segments, path),
  ],
  packets: (names, value, path) => [
    ...maybeProgram(names, value.of, [...path, 'of']),
    ...wrongPackets(names, value.packets, [...path, 'packets']),
    ...wrongCount(names, value, value.packets, path),
  ],
  ports: (names, value, path) => wrongPorts(names, value, path),
  calls: (names, value, path) => [...wrongCalls(names, value, path), ...wrongCount(names, value, value.calls, path)],
  sockets: (names, value, path) => [...wrongLook(names, value, path), ...wrongSockets(names, value, path)],
  processes: (names, value, path) => wrongLook(names, value, path),
  dropped: (names, value, path) => wrongDropped(names, value, path),
  counter: (names, value, path) => wrongCounter(names, value, path),
  returned: (names, value, path) =>
    value.returned.flatMap((program, index) =>
      wrongProgram(names, program, [
        ...path,
        'returned',
        ...(names.source.isList([...path, 'returned']) ? [index] : []),
      ]),
    ),
  output: (names, value, path) => [
    ...wrongProgram(names, value.of, [...path, 'of']),
    ...wrongCount(names, value, [value.output], path),
  ],
  states: (names, value, path) => wrongStates(names, value, path),
  queue: (names, value, path) => [
    ...wrongHost(names, value.on, [...path, 'on']),
    ...wrongInstant(names, value, value.on, path),
  ],
};

function wrongContent(names: Names, value: Expectation, path: Path): LabError[] {
  const check = checks[value.kind] as (names: Names, value: Expectation, path: Path) => LabError[];
  return check(names, value, path);
}

/** How many there are of one thing: a list has no number, and none at all is 0 of it. */
function wrongCount(
  { source }: Names,
  { count, absent }: { count?: unknown; absent?: boolean | undefined },
  list: readonly unknown[],
  path: Path,
): LabError[] {
  if (count === undefined) return [];
  const place = source.keyPlace([...path, 'count']);
  if (list.length > 1) return [complaint(`"count" counts one thing, not a list of ${list.length}`, place)];
  return absent ? [complaint('"count" and "absent" do not go together', place, 'that there is none: count: 0')] : [];
}

function wrongStates(names: Names, value: ExpectationOf<'states'>, path: Path): LabError[] {
  const { source, programs } = names;
  const { states, of, on, port, at } = value;
  const found = [
    ...maybeProgram(names, of, [...path, 'of']),
    ...(on === undefined ? [] : wrongHost(names, on, [...path, 'on'])),
  ];
  for (const [index, text] of states.entries()) {
    const pattern = read(names, parseStatePattern(text), [...path, 'states', index], found);
    if (typeof pattern?.owner === 'string')
      found.push(...wrongProgram(names, pattern.owner, [...path, 'states', index]));
  }
  if (of === undefined && (on === undefined || port === undefined))
    found.push(complaint('whose states? Say "of", or "on" and "port"', source.place(path)));
  if (at !== undefined && states.length > 1)
    found.push(complaint('a socket is in one state "at" an instant', source.place([...path, 'at'])));
  const host = on ?? programs.get(of ?? '')?.on;
  return host === undefined || found.length > 0 ? found : wrongInstant(names, value, host, path);
}

/** A look of that host, or a step that has a name. */
function wrongInstant(names: Names, { at }: { at?: string | undefined }, on: string, path: Path): LabError[] {
  if (at === undefined) return [];
  if (names.looks.get(at)?.includes(on) || names.steps.has(at)) return [];
  const known = [...new Set([...names.looks.keys(), ...names.steps.keys()])];
  return [
    complaint(
      `no look or step is named "${at}"${didYouMean(at, known)}`,
      names.source.place([...path, 'at']),
      `looks and named steps: ${known.join(', ')}`,
    ),
  ];
}

const maybeProgram = (names: Names, program: string | undefined, path: Path): LabError[] =>
  program === undefined ? [] : wrongProgram(names, program, path);

/** The value, with what is wrong with the text added to the complaints. */
function read<T>({ source }: Names, parsed: Parsed<T>, path: Path, found: LabError[]): T | undefined {
  if ('value' in parsed) return parsed.value;
  found.push(complaint(parsed.wrong, source.place(path)));
  return undefined;
}

function wrongEnd(names: Names, { host, network }: EndPattern, path: Path): LabError[] {
  if (host === undefined) return [];
  const wrong = wrongHost(names, host, path);
  return wrong.length > 0 || network === undefined ? wrong : wrongNetwork(names, host, network, path);
}

function wrongPackets(names: Names, lines: readonly string[], path: Path): LabError[] {
  return lines.flatMap((text, index) => {
    const at = [...path, index];
    const found: LabError[] = [];
    const pattern = read(names, parsePacketPattern(text), at, found);
    if (pattern === undefined) return found;
    const ends = [pattern.source, pattern.destination];
    const wrong = [...wrongKind(names, pattern, index, at), ...ends.flatMap((end) => wrongEnd(names, end, at))];
    return wrong.length > 0 ? wrong : ends.flatMap((end) => unrecorded(names, end, at));
  });
}

/** A segment is TCP's; and the first of a list comes after nothing. */
function wrongKind({ source }: Names, { protocol, since }: PacketPattern, index: number, path: Path): LabError[] {
  const isSegments = path.at(-2) === 'segments';
  return [
    ...(isSegments && protocol !== 'tcp'
      ? [
          complaint(
            `${protocol.toUpperCase()} has no segments`,
            source.place(path),
            'write packets: in place of segments:',
          ),
        ]
      : []),
    ...(since && index === 0
      ? [complaint('no packet stands before the first one, so no time has passed', source.place(path))]
      : []),
  ];
}

/** Packets of a loopback interface are only there when the scenario has it recorded. */
function unrecorded({ source, scenario }: Names, { host, network }: EndPattern, path: Path): LabError[] {
  if (network !== loopback || host === undefined || scenario.loopback?.includes(host)) return [];
  return [complaint(`the loopback of "${host}" is not recorded`, source.place(path), `add: loopback: [${host}]`)];
}

function wrongPorts(names: Names, { of, ports }: ExpectationOf<'ports'>, path: Path): LabError[] {
  const isList = names.source.isList([...path, 'of']);
  const wrong = of.flatMap((program, index) =>
    wrongProgram(names, program, [...path, 'of', ...(isList ? [index] : [])]),
  );
  const compares = ports === 'different' || ports === 'same';
  if (wrong.length > 0 || !compares || of.length > 1) return wrong;
  return [complaint(`"${ports}" compares the ports of two programs or more`, names.source.place([...path, 'of']))];
}

function wrongCalls(names: Names, { calls, by }: ExpectationOf<'calls'>, path: Path): LabError[] {
  const found = wrongProgram(names, by, [...path, 'by']);
  if (names.programs.get(by)?.trace === false)
    found.push(
      complaint(`"${by}" runs with trace: false, so its calls are not recorded`, names.source.place([...path, 'by'])),
    );
  for (const [index, text] of calls.entries()) read(names, parseCallPattern(text), [...path, 'calls', index], found);
  return found;
}

function wrongLook(names: Names, { at, on }: { at: string; on: string }, path: Path, key = 'at'): LabError[] {
  const { source, looks } = names;
  const wrong = wrongHost(names, on, [...path, 'on']);
  const hosts = looks.get(at);
  const known = [...looks.keys()];
  if (hosts === undefined)
    wrong.push(
      complaint(
        `no look is named "${at}"${didYouMean(at, known)}`,
        source.place([...path, key]),
        `looks: ${known.join(', ')}`,
      ),
    );
  else if (wrong.length === 0 && !hosts.includes(on))
    wrong.push(
      complaint(`the look "${at}" is not at "${on}"`, source.place([...path, 'on']), `it is at ${hosts.join(', ')}`),
    );
  return wrong;
}

function wrongSockets(names: Names, { sockets }: ExpectationOf<'sockets'>, path: Path): LabError[] {
  return (['local', 'peer'] as const).flatMap((side) => {
    const text = sockets[side];
    if (text === undefined) return [];
    const at = [...path, 'sockets', side];
    const found: LabError[] = [];
    const end = read(names, parseSocketEnd(text), at, found);
    return end === undefined ? found : wrongEnd(names, end, at);
  });
}

function wrongDropped({ source, rules }: Names, { by }: ExpectationOf<'dropped'>, path: Path): LabError[] {
  const known = [...rules.values()].filter(({ kind }) => kind === 'drop' || kind === 'cut').map(({ rule }) => rule);
  if (known.includes(by)) return [];
  const hint = known.length === 0 ? 'no rule of this scenario drops anything' : `rules that drop: ${known.join(', ')}`;
  return [complaint(`unknown rule "${by}"${didYouMean(by, known)}`, source.place([...path, 'by']), hint)];
}

function wrongCounter(names: Names, { on, since, at }: ExpectationOf<'counter'>, path: Path): LabError[] {
  const wrong = wrongLook(names, { at, on }, path);
  if (wrong.length > 0 || since === undefined) return wrong;
  return wrongLook(names, { at: since, on }, path, 'since');
}
