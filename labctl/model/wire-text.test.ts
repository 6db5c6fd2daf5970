import { expect, it } from 'vitest';
import type { WireRule } from './wire.ts';
import { changesText, ruleText } from './wire-text.ts';

const place = { file: 's.yml', line: 1, col: 1 };
const drop = (said: Partial<Extract<WireRule, { kind: 'drop' }>>): WireRule => ({
  ...{ kind: 'drop', place, rule: 'r', drop: 'packet' },
  ...said,
});

it.each([
  [drop({}), 'the network loses each packet', 'le réseau perd chaque paquet'],
  [
    drop({ drop: 'syn', from: 'client1', to: 'server', nth: [1] }),
    'the network loses the first SYN from client1 to server',
    'le réseau perd le premier SYN de client1 vers server',
  ],
  [
    drop({ drop: 'data', nth: [3] }),
    'the network loses the 3rd data segment',
    'le réseau perd le 3e segment de données',
  ],
  [
    drop({ drop: 'data', nth: [1, 2, 11] }),
    'the network loses the 1st, 2nd and 11th data segments',
    'le réseau perd les 1er, 2e et 11e segments de données',
  ],
  [
    drop({ every: 4, port: 5000 }),
    'the network loses every 4th packet of port 5000',
    'le réseau perd un paquet sur 4 du port 5000',
  ],
  [
    drop({ drop: 'ack', from: 'server', for: 500 }),
    'the network loses each ACK from server for 500 ms',
    'le réseau perd chaque ACK de server pendant 500 ms',
  ],
  [
    drop({ drop: 'udp', random: { percent: 20, seed: 7 } }),
    'the network loses a random 20 % of the UDP datagrams (seed 7)',
    'le réseau perd au hasard 20 % des datagrammes UDP (graine 7)',
  ],
  [{ kind: 'cut', place, rule: 'c', cut: ['client1'] }, 'client1’s cable is cut', 'le câble de client1 est coupé'],
  [
    { kind: 'cut', place, rule: 'c', cut: ['client1', 'server'] },
    'nothing passes any more between client1 and server',
    'plus rien ne passe entre client1 et server',
  ],
  [
    { kind: 'rate', place, rule: 's', rate: '1mbit', to: 'server' },
    'the link to server carries 1 Mbit/s',
    'le lien vers server porte 1 Mbit/s',
  ],
  [
    { kind: 'delay', place, rule: 'd', delay: 50, jitter: 5, reorder: 10, to: 'server' },
    'packets to server take 50 ms ± 5 ms, 10 % overtake',
    'les paquets vers server mettent 50 ms ± 5 ms, 10 % doublent',
  ],
] as [WireRule, string, string][])('%j', (rule, en, fr) => expect(ruleText(rule)).toEqual({ en, fr }));

it('several changes of one step', () => {
  expect(changesText([{ kind: 'remove', place, remove: 'a' }, drop({ nth: [1] })]).en).toBe(
    'the rule a ends; the network loses the first packet',
  );
});
