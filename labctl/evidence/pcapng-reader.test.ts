import { expect, test } from 'vitest';
import { CaptureParser } from './capture-reader.ts';
import { mostFacts } from './pcapng-reader.ts';
import { PcapngWriter } from './pcapng-writer.ts';

test('no file fills the memory with what it says of itself', () => {
  const writer = new PcapngWriter();
  const parser = new CaptureParser();
  const described = Buffer.from(writer.interface({ name: 'eth0', linkType: 1 }));
  const sections = Array<Uint8Array>(mostFacts.comments + 5).fill(writer.section({ comment: 'again' }));
  parser.push(Buffer.concat(sections));
  parser.push(Buffer.concat(Array<Uint8Array>(mostFacts.interfaces).fill(described)));
  expect(parser.end()).toBeUndefined();
  parser.push(described);
  expect(parser.comments).toHaveLength(mostFacts.comments);
  expect(parser.interfaces).toHaveLength(mostFacts.interfaces);
  expect(parser.end()?.why).toBe('more than 100000 interfaces are described');
});
