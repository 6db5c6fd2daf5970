// What a scenario may expect of a run, as schemas: the kinds of expectations and what each may say.

import { z } from 'zod';
import type { Place } from './lab-error.ts';
import { roles } from './own-program.ts';
import { count, name, names, port, portsIn, printed, socketState, text } from './scenario-words.ts';

const everyExpectation = {
  id: name.describe('A name, unique in the scenario.'),
  say: text.describe('What is expected, as a sentence for the student.'),
  after: name.optional().describe('Only evidence since this step began counts.'),
  before: name.optional().describe('Only evidence until this step began counts.'),
  absent: z.boolean().optional().describe('True: it must not be seen.'),
  judges: z
    .union([z.enum(roles), z.array(z.enum(roles))])
    .transform((value) => (Array.isArray(value) ? value : [value]))
    .optional()
    .describe(
      'It holds for every correct program in this role, so a student’s own is judged by it; by others it is not.',
    ),
  only: z
    .literal('model')
    .optional()
    .describe('It asks a student’s program for a way of working; --any-model leaves it out.'),
};

const howMany = (what: string) =>
  count.optional().describe(`${what}: so many, \`at least 2\`, \`at most 2\` or \`2-4\`. Alone, one is enough.`);

export const expectationSchemas = {
  segments: z.strictObject({
    ...everyExpectation,
    segments: z
      .array(z.string())
      .min(1)
      .describe(
        'TCP segments in this order, gaps allowed: `client1 > server.5000 S`, flags as tcpdump writes them; behind them `length >0`, `zero_window` (Wireshark’s names), `lost`, `again` or `again after 1s ±20%`; before them `+200ms ±50ms`, the time since the one above.',
      ),
    of: name.optional().describe('Only the conversations of this program.'),
    count: howMany('Of the one segment that stands there'),
  }),
  packets: z.strictObject({
    ...everyExpectation,
    packets: z
      .array(z.string())
      .min(1)
      .describe(
        'Packets of any kind in this order, gaps allowed: segments as in `segments`, `client1 > server.5000 UDP, length 5`, `server > client1 ICMP udp port 5000 unreachable`, `ARP, Request who-has server tell client1`, `ARP, Reply server is-at`.',
      ),
    of: name.optional().describe('Only the conversations, datagrams and ICMP errors of this program.'),
    count: howMany('Of the one packet that stands there'),
  }),
  ports: z.strictObject({
    ...everyExpectation,
    ports: z
      .union([
        z.enum(['different', 'same', 'ephemeral', 'even']),
        z.strictObject({ in: portsIn.describe('The first and the last port, such as `40000-40003`.') }),
      ])
      .describe('How they compare; or the range that all of them are in.'),
    of: names.describe('The programs whose conversations are compared.'),
    side: z.enum(['initiator', 'responder']).optional().describe('Whose port; initiator unless told.'),
  }),
  calls: z.strictObject({
    ...everyExpectation,
    calls: z
      .array(z.string())
      .min(1)
      .describe('Calls in this order, gaps allowed: `bind(0.0.0.0:5000) = 0`, `accept = 4`, `connect = ECONNREFUSED`.'),
    by: name.describe('The program that makes them.'),
    count: howMany('Of the one call that stands there'),
  }),
  sockets: z.strictObject({
    ...everyExpectation,
    sockets: z
      .strictObject({
        state: socketState.optional().describe('Only sockets in this state.'),
        local: z
          .string()
          .optional()
          .describe('`*:5000`, `0.0.0.0:5000`, `server:5000`, `any:5000` (0.0.0.0 or ::) or `*:*`.'),
        peer: z.string().optional().describe('Like local; `client2:*` names a host.'),
        owner: z.string().optional().describe('Name of the program that holds it, or `none`.'),
        queued: z.int().min(0).optional().describe('Connections in the accept queue of a LISTEN socket.'),
        count: z.int().min(0).optional().describe('Exactly so many such rows; at least one unless told.'),
      })
      .describe('A row of ss, by what it must be; what is not said may be anything.'),
    on: name.describe('The host where it is seen.'),
    at: name.describe('The look that shows it.'),
  }),
  processes: z.strictObject({
    ...everyExpectation,
    processes: z
      .strictObject({
        program: z.string().describe('Name of the parent process.'),
        children: z.int().min(0).optional().describe('Exactly so many children of it, zombies left out.'),
        zombies: z.int().min(0).optional().describe('Exactly so many zombies among its children.'),
        serving: z
          .int()
          .min(0)
          .optional()
          .describe('Exactly so many connections are held by a process of their own each.'),
      })
      .describe('A process and its children, as ps shows them.'),
    on: name.describe('The host where it is seen.'),
    at: name.describe('The look that shows it.'),
  }),
  dropped: z.strictObject({
    ...everyExpectation,
    dropped: z.int().min(0).describe('Exactly so many packets were dropped by the rule.'),
    by: name.describe('A rule of the wire.'),
  }),
  counter: z.strictObject({
    ...everyExpectation,
    counter: z
      .string()
      .regex(/^[A-Z][A-Za-z0-9]+$/, 'a kernel counter is named as nstat does, such as TcpExtTCPLossProbes')
      .describe('A kernel counter as nstat names it, such as TcpExtTCPLossProbes.'),
    grows: z.int().min(0).describe('By how much it must grow, at least; exactly so much where that is 0.'),
    on: name.describe('The host where it is seen.'),
    since: name.optional().describe('The look to count from; the one at the start unless told.'),
    at: name.describe('The look to count to.'),
  }),
  returned: z.strictObject({
    ...everyExpectation,
    returned: names.describe(
      'Programs that get every byte back which they sent: unchanged, in order, and none before it had been sent.',
    ),
  }),
  output: z.strictObject({
    ...everyExpectation,
    output: printed.describe('Text that the program prints; or `{ matches: … }`, a pattern that a line of it fits.'),
    of: name.describe('The program that prints it.'),
    count: howMany('Of that text, or of lines that fit'),
  }),
  states: z.strictObject({
    ...everyExpectation,
    states: z
      .array(z.string())
      .min(1)
      .describe(
        'States of one socket in this order, gaps allowed: `SYN-SENT`, `ESTABLISHED`; with `, no owner` or `, owner NAME` behind, who has it open.',
      ),
    of: name.optional().describe('The program whose sockets, or whose conversations’ other ends, are meant.'),
    on: name.optional().describe('The host whose end it is; the program’s own unless told.'),
    port: port.optional().describe('Only sockets with this local port.'),
    at: name.optional().describe('The state at this look, or when this step began.'),
  }),
  queue: z.strictObject({
    ...everyExpectation,
    queue: count.describe(
      'How long the accept queue of the port became at the longest; with `at`, how long it was then: `2`, `at least 1`.',
    ),
    on: name.describe('The host where it is seen.'),
    port: port.describe('The port of the listening socket.'),
    at: name.optional().describe('At this look, or when this step began.'),
  }),
} as const;

export type ExpectationKind = keyof typeof expectationSchemas;
export type Expectation = {
  [Kind in ExpectationKind]: { kind: Kind; place: Place } & z.output<(typeof expectationSchemas)[Kind]>;
}[ExpectationKind];
export type ExpectationOf<Kind extends ExpectationKind> = Extract<Expectation, { kind: Kind }>;
