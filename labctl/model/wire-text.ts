// One line about a rule of the wire, in both languages: for steps, events and ladders.

import type { Text } from './language.ts';
import type { PacketKind, WireChange, WireKind, WireRule, WireRuleOf } from './wire.ts';

const duration = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`);

const kinds: Record<PacketKind, { en: string; fr: string; frs: string }> = {
  packet: { en: 'packet', fr: 'paquet', frs: 'paquets' },
  syn: { en: 'SYN', fr: 'SYN', frs: 'SYN' },
  'syn-ack': { en: 'SYN-ACK', fr: 'SYN-ACK', frs: 'SYN-ACK' },
  data: { en: 'data segment', fr: 'segment de données', frs: 'segments de données' },
  ack: { en: 'ACK', fr: 'ACK', frs: 'ACK' },
  fin: { en: 'FIN', fr: 'FIN', frs: 'FIN' },
  rst: { en: 'RST', fr: 'RST', frs: 'RST' },
  udp: { en: 'UDP datagram', fr: 'datagramme UDP', frs: 'datagrammes UDP' },
};

const suffix = (place: number): string => {
  const teens = place % 100 >= 11 && place % 100 <= 13;
  return teens ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th');
};
const ordinal = (place: number): Text => ({
  en: `${place}${suffix(place)}`,
  fr: place === 1 ? '1er' : `${place}e`,
});

function listed(texts: readonly Text[]): Text {
  const join = (words: string[], and: string) =>
    words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)}`;
  return {
    en: join(
      texts.map(({ en }) => en),
      'and',
    ),
    fr: join(
      texts.map(({ fr }) => fr),
      'et',
    ),
  };
}

function places(nth: readonly number[], kind: (typeof kinds)[PacketKind]): Text {
  const [first = 1, ...more] = nth;
  if (more.length === 0 && first === 1) return { en: `the first ${kind.en}`, fr: `le premier ${kind.fr}` };
  const listedPlaces = listed(nth.map(ordinal));
  return more.length === 0
    ? { en: `the ${listedPlaces.en} ${kind.en}`, fr: `le ${listedPlaces.fr} ${kind.fr}` }
    : { en: `the ${listedPlaces.en} ${kind.en}s`, fr: `les ${listedPlaces.fr} ${kind.frs}` };
}

function chosen({ drop, nth, every, random }: WireRuleOf<'drop'>): Text {
  const kind = kinds[drop];
  if (nth !== undefined) return places(nth, kind);
  if (every !== undefined) return { en: `every ${every}${suffix(every)} ${kind.en}`, fr: `un ${kind.fr} sur ${every}` };
  if (random === undefined) return { en: `each ${kind.en}`, fr: `chaque ${kind.fr}` };
  const { percent, seed } = random;
  return {
    en: `a random ${percent} % of the ${kind.en}s (seed ${seed})`,
    fr: `au hasard ${percent} % des ${kind.frs} (graine ${seed})`,
  };
}

function dropText(rule: WireRuleOf<'drop'>): Text {
  const { from, to, port, for: ms } = rule;
  const what = chosen(rule);
  const rest = (words: readonly (readonly [string, string | number | undefined])[]) =>
    words.map(([word, value]) => (value === undefined ? '' : ` ${word} ${value}`)).join('');
  const time = ms === undefined ? undefined : duration(ms);
  return {
    en: `the network loses ${what.en}${rest([
      ['from', from],
      ['to', to],
      ['of port', port],
      ['for', time],
    ])}`,
    fr: `le réseau perd ${what.fr}${rest([
      ['de', from],
      ['vers', to],
      ['du port', port],
      ['pendant', time],
    ])}`,
  };
}

function delayText({ delay, jitter, reorder, to }: WireRuleOf<'delay'>): Text {
  const jitterText = jitter === undefined ? '' : ` ± ${duration(jitter)}`;
  const more = (word: string) => (reorder === undefined ? '' : `, ${reorder} % ${word}`);
  return {
    en: `packets to ${to} take ${duration(delay)}${jitterText}${more('overtake')}`,
    fr: `les paquets vers ${to} mettent ${duration(delay)}${jitterText}${more('doublent')}`,
  };
}

function cutText([a = '', b]: readonly string[]): Text {
  return b === undefined
    ? { en: `${a}’s cable is cut`, fr: `le câble de ${a} est coupé` }
    : { en: `nothing passes any more between ${a} and ${b}`, fr: `plus rien ne passe entre ${a} et ${b}` };
}

/** `1 Mbit/s`. */
const rateText = (rate: string): string => rate.replace(/kbit$/, ' kbit/s').replace(/mbit$/, ' Mbit/s');

const texts: { [Kind in WireKind]: (rule: WireRuleOf<Kind>) => Text } = {
  drop: dropText,
  cut: ({ cut }) => cutText(cut),
  rate: ({ rate, to }) => ({
    en: `the link to ${to} carries ${rateText(rate)}`,
    fr: `le lien vers ${to} porte ${rateText(rate)}`,
  }),
  delay: delayText,
};

/** `the network loses the first SYN from client1`. */
export function ruleText(rule: WireRule): Text {
  const say = texts[rule.kind] as (rule: WireRule) => Text;
  return say(rule);
}

/** What a step changes about the wire. */
export function changesText(changes: readonly WireChange[]): Text {
  const all = changes.map((change) =>
    change.kind === 'remove'
      ? { en: `the rule ${change.remove} ends`, fr: `la règle ${change.remove} prend fin` }
      : ruleText(change),
  );
  return { en: all.map(({ en }) => en).join('; '), fr: all.map(({ fr }) => fr).join(' ; ') };
}
