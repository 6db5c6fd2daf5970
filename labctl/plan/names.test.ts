import { expect, it } from 'vitest';
import { complaintsText } from './bad-files.ts';
import { labNameFor } from './names.ts';

it.each([
  ['/home/me/TP Sockets.2/docker-compose.yml', 'tpsockets2'],
  ['/srv/my_lab-1/compose.yml', 'my_lab-1'],
  ['/srv/_hidden/compose.yml', 'hidden'],
  ['/srv/été/compose.yml', 't'],
  ['/compose.yml', 'default'],
])('the lab of %s is %s by default', (file, name) => expect(labNameFor(file)).toBe(name));

it('takes a given name', () => expect(labNameFor('/x/compose.yml', 'tp-2_a')).toBe('tp-2_a'));

it.each(['../x', 'a/b', '', 'A', 'a b', '$(id)', '-rf', 'a;b', '.', 'x'.repeat(64), 'a\n'])('refuses %j', (name) =>
  expect(complaintsText(() => labNameFor('/x/compose.yml', name))).toContain('cannot be the name of a lab'),
);
