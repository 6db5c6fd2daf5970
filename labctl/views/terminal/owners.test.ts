import { describe, expect, it } from 'vitest';
import type { Report, SocketHistory } from '../../model/report.ts';
import { queueStory } from '../stories.ts';
import { plainStyle, storyStart } from '../testing.ts';
import { ownerLines } from './owners.ts';

const at = (micros: number): number => storyStart + micros;
const any = { address: '0.0.0.0', port: 5000 };
const owner = { program: 'server', pid: 15 };

/** The second client waited in the queue until the first had left. */
function owned(): Report {
  const report = queueStory();
  const listener: SocketHistory = {
    host: 'server',
    side: 'listener',
    local: any,
    changes: [],
    owners: [{ ...owner, from: at(0), by: 'socket' }],
    queue: [
      { at: at(619), length: 1, conversation: 1, passage: 6 },
      { at: at(700_000), length: 0, conversation: 1, call: 0 },
    ],
  };
  const responder: SocketHistory = {
    ...listener,
    side: 'responder',
    conversation: 1,
    owners: [
      { ...owner, from: at(700_000), until: at(700_090), by: 'accept', ended: 'close' },
      { ...owner, pid: 17, from: at(700_050), until: at(900_000), by: 'fork', ended: 'exit' },
    ],
  };
  const calls = report.calls.map((call, index) => (index === 0 ? { ...call, at: at(699_990) } : call));
  return { ...report, calls, states: [listener, responder] };
}

describe('the table of sockets and owners', () => {
  it('tells who had a socket, and who did not', () => {
    expect(`\n${ownerLines(owned(), storyStart, { ...plainStyle, width: 100 }).join('\n')}\n`).toMatchInlineSnapshot(`
      "

      Sockets and who had them open ──────────────────────────────────────────────────────────────────────
       socket                       owner                           from      until  by
       server 0.0.0.0:5000 listens  server (15)                0.000 000             socket()
       server:5000 ← client2:41024  none: in the accept queue  0.000 619  0.700 000
                                    server (15)                0.700 000  0.700 090  accept() … close()
                                    server (17)                0.700 050  0.900 000  fork() … its end
      "
    `);
    expect(
      `\n${ownerLines(owned(), storyStart, { ...plainStyle, language: 'fr' }).join('\n')}\n`,
    ).toMatchInlineSnapshot(`
      "

      Les sockets et qui les tenait ouverts ──────────────────────────────────────────
       socket             détenteur                  de          à  par
       server             server (15)         0.000 000             socket()
       0.0.0.0:5000 en
       écoute
       server:5000 ←      aucun : dans la     0.000 619  0.700 000
       client2:41024      file d’attente
                          server (15)         0.700 000  0.700 090  accept() … close()
                          server (17)         0.700 050  0.900 000  fork() … sa fin
      "
    `);
    expect(ownerLines(owned(), storyStart, plainStyle, 1)).toEqual([]);
  });
  it('counts the sockets that it leaves out', () => {
    const report = owned();
    const many = { ...report, states: Array.from({ length: 50 }, () => report.states[0] as SocketHistory) };
    expect(ownerLines(many, storyStart, plainStyle).at(-1)).toBe(' and 10 more sockets');
  });
});
