import { describe, expect, it } from 'vitest';
import { doctorText, downText, labsText, type ShownLab, scenariosText, upText } from './lab-tables.ts';
import { plainStyle, socketRow } from './testing.ts';

const listener = socketRow(1, {
  state: 'LISTEN',
  local: { address: '0.0.0.0', port: 5000 },
  owners: [{ name: 'server', pid: 15, fd: 3 }],
});
const lab: ShownLab = {
  name: 'tcp',
  engine: 'docker',
  hosts: [
    {
      name: 'server',
      state: 'running',
      image: 'labctl/server',
      addresses: [
        { network: 'lab', address: '10.213.0.2' },
        { network: 'office', address: '10.213.0.18' },
      ],
    },
    { name: 'client1', state: 'exited', image: 'labctl/client', addresses: [] },
  ],
  listeners: { server: [listener] },
};

describe('lab tables', () => {
  it('lists hosts with addresses and listeners', () => {
    expect(labsText([lab], plainStyle)).toMatchInlineSnapshot(`
      "tcp (docker)
       host     state    addresses                           listens on
       server   running  10.213.0.2 lab, 10.213.0.18 office  tcp 0.0.0.0:5000 (server)
       client1  exited"
    `);
    expect(labsText([], plainStyle)).toBe('No lab is up.');
    expect(labsText([{ ...lab, listeners: {} }], plainStyle)).toMatchInlineSnapshot(`
      "tcp (docker)
       host     state    addresses                           listens on
       server   running  10.213.0.2 lab, 10.213.0.18 office  too busy to say
       client1  exited"
    `);
  });
  it('says what up and down did', () => {
    expect(upText({ changed: true, lab }, plainStyle)).toMatchInlineSnapshot(`
      "Lab tcp is up on the docker engine: 2 hosts.
       server   10.213.0.2, 10.213.0.18
       client1"
    `);
    expect(upText({ changed: false, lab }, plainStyle)).toContain('nothing had to be changed');
    expect(downText('tcp', 5, 0, plainStyle)).toBe('Lab tcp is down: 5 objects removed.');
    expect(downText('tcp', 4, 1, plainStyle)).toBe('Lab tcp is down but for 1 empty network: 4 objects removed.');
  });
  it('lists scenarios, runs and findings', () => {
    const text = (word: string) => ({ en: word, fr: word });
    expect(
      scenariosText(
        [{ name: 'first-client', title: text('A first client'), about: text('One server,\nand a client.') }],
        plainStyle,
      ),
    ).toMatchInlineSnapshot(`
      "first-client
        A first client
        One server, and a client."
    `);
    expect(
      doctorText(
        [
          { what: 'Docker Engine', state: 'ok', detail: '20.10' },
          { what: 'base image', state: 'mended', detail: 'made' },
          {
            what: 'free subnets',
            state: 'todo',
            detail: 'none is left',
            todo: 'remove networks: docker network prune',
          },
          { what: 'netem', state: 'todo', optional: true, detail: 'not in this kernel', todo: 'nothing' },
          { what: 'bridges', state: 'untried', detail: 'cannot be tried here' },
        ],
        plainStyle,
      ),
    ).toMatchInlineSnapshot(`
      "✓ ok         Docker Engine  20.10
      ✓ mended     base image     made
      ✗ to do      free subnets   none is left → remove networks: docker network prune
      · optional   netem          not in this kernel → nothing
      ? not tried  bridges        cannot be tried here"
    `);
  });
});
