import { expect, it } from 'vitest';
import { placed } from './places.ts';

it('names frames, calls and rows in French', () => {
  const text = 'a > b S [client1 frame 1]; bind = 0 [server call 2]; LISTEN *:1 [server socket row 3]; "[x frames 4]"';
  expect(placed(text)).toEqual({
    en: text,
    fr: 'a > b S [client1 trame 1]; bind = 0 [server appel 2]; LISTEN *:1 [server ligne de sockets 3]; "[x frames 4]"',
  });
});
