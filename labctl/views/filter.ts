// The small language that picks rows: `host:client1 flags:S -lost "hello"`. Every word must hold; `-` turns one round.

/** What is known of a row, as words look for it. */
export interface RowFacts {
  kind: 'packet' | 'call' | 'other';
  text: string;
  hosts: string[];
  flags?: string;
  number?: number;
  /** 1-based. */
  conversation?: number;
  /** Addresses with ports. */
  ends: string[];
  call?: string;
  program?: string;
  lost: boolean;
  again: boolean;
  length?: number;
}

export type RowFilter = (facts: RowFacts) => boolean;

export type Parsed = { ok: true; matches: RowFilter; everything: boolean } | { ok: false; word: string };

const same = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();
const has = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());

/** `flags:S` wants exactly these letters, `.` the ACK bit; in any order. */
const sorted = (letters: string): string => letters.toUpperCase().split('').sort().join('');

const numeric = (value: string): boolean => /^\d+$/.test(value);

/** Words with a value. Undefined where the value makes no sense. */
const keyed: Record<string, (value: string) => RowFilter | undefined> = {
  host: (value) => (facts) => facts.hosts.some((host) => same(host, value)),
  flags: (value) => (facts) => facts.flags !== undefined && sorted(facts.flags) === sorted(value),
  flag: (value) => (facts) =>
    facts.flags !== undefined &&
    value
      .toUpperCase()
      .split('')
      .every((letter) => facts.flags?.includes(letter)),
  port: (value) => (numeric(value) ? (facts) => facts.ends.some((end) => end.endsWith(`:${value}`)) : undefined),
  address: (value) => (facts) => facts.ends.some((end) => end.replace(/^\[|\]?:\d+$/g, '') === value),
  conv: (value) => (numeric(value) ? (facts) => facts.conversation === Number(value) : undefined),
  call: (value) => (facts) => same(facts.call, value),
  program: (value) => (facts) => same(facts.program, value),
};

const isData: RowFilter = ({ length = 0 }) => length > 0;

/** Words that stand alone, French ones beside the English. */
const plain: Record<string, RowFilter> = {
  lost: ({ lost }) => lost,
  again: ({ again }) => again,
  calls: ({ kind }) => kind === 'call',
  packets: ({ kind }) => kind === 'packet',
  data: isData,
};
const french: Record<string, string> = {
  perdu: 'lost',
  encore: 'again',
  appels: 'calls',
  paquets: 'packets',
  données: 'data',
};

/** `#7`, `7-12`. */
function numbers(word: string): RowFilter | undefined {
  const [, from, until = from] = /^#?(\d+)(?:-#?(\d+))?$/.exec(word) ?? [];
  if (from === undefined || !(word.startsWith('#') || word.includes('-'))) return undefined;
  return ({ number }) => number !== undefined && number >= Number(from) && number <= Number(until);
}

function filterOf(word: string): RowFilter | undefined {
  const [, key, value] = /^([a-z]+):(.+)$/i.exec(word) ?? [];
  const make = key === undefined ? undefined : keyed[key.toLowerCase()];
  if (make && value !== undefined) return make(unquoted(value));
  const name = word.toLowerCase();
  return plain[french[name] ?? name] ?? numbers(word) ?? ((facts) => has(facts.text, unquoted(word)));
}

const unquoted = (word: string): string => word.replace(/^"(.*?)"?$/s, '$1');

/** Words end at blanks; quotes keep blanks in. */
const wordsOf = (text: string): string[] => text.match(/-?(?:[a-z]+:)?"[^"]*"?|\S+/gi) ?? [];

/** The filter that the text asks for, or the word that cannot be understood. An empty text lets everything through. */
export function parseFilter(text: string): Parsed {
  const filters: RowFilter[] = [];
  for (const word of wordsOf(text)) {
    const not = word.length > 1 && word.startsWith('-');
    const filter = filterOf(not ? word.slice(1) : word);
    if (filter === undefined) return { ok: false, word };
    filters.push(not ? (facts) => !filter(facts) : filter);
  }
  return { ok: true, everything: filters.length === 0, matches: (facts) => filters.every((filter) => filter(facts)) };
}
