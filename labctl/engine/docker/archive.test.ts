import { expect, it } from 'vitest';
import { loadedBy } from './archive.ts';

it.each([
  ['Loaded image: labctl/server:latest\n', ['labctl/server:latest']],
  [
    'Loaded image: localhost/labctl/server:latest,localhost/labctl/base:latest',
    ['labctl/server:latest', 'labctl/base:latest'],
  ],
  ['Loaded image ID: sha256:1', []],
  [undefined, []],
])('reads which images an engine has loaded: %j', (stream, names) => {
  expect(loadedBy(stream === undefined ? {} : { stream })).toEqual(names);
});
