// The reference of the scenario language as Markdown: made from the JSON Schema, so that it has every key and no other.

import { scenarioJsonSchema } from './json-schema.ts';
import { type Node, rowsOf, table } from './schema-table.ts';

interface Schema extends Node {
  $defs: { step: Node };
}

/** Keys that every one of these maps has, alike. */
function commonKeys(nodes: readonly Node[]): string[] {
  const [first, ...others] = nodes;
  return Object.entries(first?.properties ?? {}).flatMap(([key, node]) =>
    others.every(({ properties }) => JSON.stringify(properties?.[key]) === JSON.stringify(node)) ? [key] : [],
  );
}

/** One section a kind; what all of them may say stands before. */
function kinds(nodes: readonly Node[], keyOf: (node: Node) => string): string {
  const common = commonKeys(nodes.filter(({ properties }) => !properties?.['repeat'] && !properties?.['parallel']));
  const shared = rowsOf({ ...nodes[0], properties: pick(nodes[0]?.properties ?? {}, common) });
  const sections = nodes.map((node) => `### ${keyOf(node)}\n\n${table(rowsOf(node, '', common))}`);
  return [...(shared.length === 0 ? [] : [`Each may say:\n\n${table(shared)}`]), ...sections].join('\n\n');
}

const pick = (properties: Record<string, Node>, keys: readonly string[]): Record<string, Node> =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => keys.includes(key)));

/** The one key that says what a map is: the first that it must have and that only it has. */
function ownKey(nodes: readonly Node[], given: readonly string[]): (node: Node) => string {
  return (node) => given.find((key) => node.required?.includes(key)) ?? Object.keys(node.properties ?? {})[0] ?? '';
}

export interface Keys {
  steps: readonly string[];
  expectations: readonly string[];
  rules: readonly string[];
}

/** The whole page. `keys`: what tells steps, expectations and rules apart, in the order of their schemas. */
export function languageReference(keys: Keys): string {
  const schema = scenarioJsonSchema() as unknown as Schema;
  const { steps, expect, wire, ...top } = schema.properties ?? {};
  const stepNodes = schema.$defs.step.anyOf ?? [];
  const wireStep = stepNodes.find(({ properties }) => properties?.['wire']);
  const [expectations, rules] = [expect?.items?.anyOf ?? [], wireStep?.properties?.['wire']?.items?.anyOf ?? []];
  const head = {
    ...schema,
    properties: {
      ...top,
      ...(steps && { steps: flat(steps) }),
      ...(wire && { wire: flat(wire) }),
      ...(expect && { expect: flat(expect) }),
    },
  };
  return `${[
    '# The scenario language',
    intro,
    '## The file',
    table(rowsOf(head)),
    '## Steps',
    'What happens, in order. The key that names the step comes with others that say how.',
    kinds(stepNodes, ownKey(stepNodes, keys.steps)),
    '## Rules of the wire',
    'Under `wire:` for the whole run; in a step `wire:` from then on.',
    kinds(rules, ownKey(rules, keys.rules)),
    '## Expectations',
    'What must be seen in the evidence of the run. A verdict is met, unmet, or not observable: no evidence is never a pass.',
    kinds(expectations, ownKey(expectations, keys.expectations)),
  ].join('\n\n')}\n`;
}

/** Without what has a chapter of its own. */
const flat = ({ description, type }: Node): Node => ({
  type: type ?? 'array',
  items: {},
  ...(description === undefined ? {} : { description }),
});

const intro = `One YAML file is one lesson: which hosts take part, what is started, typed and looked at, what must be seen then,
and the questions. \`labctl new NAME\` writes one to begin with, \`labctl validate FILE\` says all that is wrong with it,
\`labctl run FILE --dry-run\` what it would do. With

\`\`\`yaml
# yaml-language-server: $schema=PATH/labctl/model/scenario.schema.json
\`\`\`

as its first line (\`labctl validate --schema\` prints that schema), editors such as VS Code with its YAML extension
complete and explain every key. This page is made from the same definitions.

A name is lower-case letters, digits and dashes, and begins with a letter; a duration is a number with \`ms\`, \`s\` or \`m\`.
Command lines are split at white space, or lists of arguments; no shell is involved. In them \`{server@lab}\` is the
address of a host on a network, \`{server@lab/ipv6}\` its IPv6 address where the network has such.

A host that is paused has its programs stopped (SIGSTOP), the first process of the host and labctl’s recorder excepted;
its kernel goes on, completes handshakes and acknowledges, until \`resume\`. A host whose link is cut (\`wire: [{ cut: HOST }]\`)
answers nothing, not even ARP, as one that is gone: who does not know its hardware address yet sends no packet at all. Hosts
under \`sysctls:\` are made anew and know nobody; others may remember whom they spoke to a while ago. On the wire \`drop\`
is about IPv4 and IPv6 alike and spares ARP and neighbour discovery; \`cut\` holds for everything.

## The notation of packets

Expectations about packets are lines as tcpdump prints them, with the names of hosts:

\`\`\`text
client1 > server.5000 S                      a TCP segment; flags as tcpdump writes them: S S. . P. F. R R.
server.5000 > client1 P. length >0           with so many bytes of payload: length 6, length >0
client1@lab > server@lab.5000 .              by the host’s address on that network; * is any host or port
client1 > server S lost                      it left its sender and never arrived
client1 > server S again after 1s ±20%       it carries again what was sent so long before (a quarter off unless told)
server > client1 . zero_window               what Wireshark calls it: tcp.analysis.zero_window and the like
+200ms ±50ms server > client1 P. length >0   so long after the packet above it; also +<1s and +>1s
client1 > server.5000 UDP, length 5          a UDP datagram
server > client1 ICMP udp port 5000 unreachable
ARP, Request who-has server tell client1     the answer: ARP, Reply server is-at
\`\`\`

A list is a sequence, with gaps: lines that speak of the same two ends must lie in one conversation, and only a bare SYN may
begin another. With \`count\` one line is counted: \`4\`, \`at least 2\`, \`at most 2\`, \`2-4\`. What the recording could have missed
is not observable, never met: an exact number and an absence need a recording without a gap.`;
