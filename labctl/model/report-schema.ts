// What `show --json` prints, as a schema: readers of it can rely on these fields; there may always be more.

import { z } from 'zod';

const micros = z.int().describe('Microseconds since the Unix epoch.');
const count = z.int().min(0);
const index = z.int().min(0);
const text = z.object({ en: z.string(), fr: z.string() });
const endpoint = z.object({ address: z.string(), port: z.int().min(0).max(65_535) });
const point = z.object({ host: z.string(), interface: z.string() });
const side = z.enum(['initiator', 'responder']);
const verdictWord = z.enum(['met', 'unmet', 'not-observable']);

const sighting = z
  .object({ point, frame: z.int().min(1), at: micros })
  .describe('One packet in one capture file: frame numbers are Wireshark’s.');

const repetitionProof = z
  .object({
    cause: z.enum(['timeout', 'tail-loss-probe', 'fast-retransmission', 'slow-start']),
    counter: z.string().describe('The kernel counter that rose, as nstat names it.'),
    from: micros,
    until: micros,
    rose: count,
    duplicateAcks: z.array(z.int().min(1)).optional(),
  })
  .describe('Why the kernel sent it again: one counter rose, between these readings, by exactly what was seen.');

const segment = z.object({
  conversation: index.describe('Index into `conversations`.'),
  fromInitiator: z.boolean(),
  relativeSeq: z.int(),
  relativeAck: z.int().optional(),
  flags: z.string().describe('As tcpdump writes them: `S`, `S.`, `.`, `P.`, `F.`, `R`.'),
  length: count.describe('Bytes of payload.'),
  sack: z
    .array(z.object({ left: z.int(), right: z.int() }))
    .optional()
    .describe('SACK blocks, relative like `relativeAck`; those below it came twice (D-SACK).'),
  meaning: z.string(),
  repeats: z
    .object({ passage: z.int().min(1), after: z.int(), why: repetitionProof.optional() })
    .optional()
    .describe('The packet whose bytes it carries again, and how many microseconds after it.'),
});

const passage = z
  .object({
    number: z.int().min(1).describe('The `#` of the ladder.'),
    at: micros,
    from: z.string(),
    to: z.string(),
    sent: sighting.optional(),
    arrived: sighting.optional(),
    copies: z.array(sighting).optional().describe('Later arrivals of the same packet, which nobody sent again.'),
    overtakenBy: z.int().min(1).optional().describe('A packet of the same flow that left later and arrived earlier.'),
    lost: z.boolean().describe('Both ends are recorded and only the sender saw it.'),
    takenBy: z
      .object({ rule: z.string(), matched: count })
      .optional()
      .describe('The rule of the wire that took it, and how many packets that took in all.'),
    packet: z.object({ frame: z.int().min(1), point, at: micros, wireLength: count, capturedLength: count }),
    tcp: segment.optional(),
  })
  .describe('One packet’s way from one host to another; payloads are in the captures.');

const end = z.object({ endpoint, host: z.string(), program: z.string().optional() });

const conversation = z.object({
  index,
  initiator: end,
  responder: end,
  start: micros,
  end: micros,
  bytes: z.object({ fromInitiator: count, fromResponder: count }),
  passages: z.array(z.int().min(1)),
  handshake: z.object({
    syn: z.int().optional(),
    synAck: z.int().optional(),
    ack: z.int().optional(),
  }),
  initialRtt: z.number().optional().describe('Microseconds.'),
  closing: z.enum(['open', 'fin-both', 'fin-initiator', 'fin-responder', 'reset', 'refused', 'no-answer']),
});

const call = z.object({
  index,
  number: z.int().min(1).describe('Position in the program’s call log.'),
  program: z.string(),
  host: z.string(),
  pid: z.int(),
  at: micros,
  took: z.number().optional().describe('Microseconds from entry to return.'),
  name: z.string(),
  args: z.array(z.string()),
  result: z.number().optional(),
  errno: z.string().optional(),
  conversation: index.optional(),
  caused: z.array(z.int().min(1)).describe('Packets that this call caused.'),
});

const owner = z
  .object({
    program: z.string(),
    pid: z.int(),
    from: micros,
    until: micros.optional(),
    by: z.enum(['socket', 'accept', 'fork', 'passed', 'before']),
    ended: z.enum(['close', 'exit', 'exec']).optional(),
  })
  .describe('A process had the socket open.');

const queueChange = z
  .object({ at: micros, length: count, conversation: index, passage: z.int().optional(), call: z.int().optional() })
  .describe('The accept queue has another length: a handshake was completed, or accept() took a connection.');

const socketHistory = z.object({
  host: z.string(),
  side: z.union([z.literal('listener'), side, z.literal('datagram')]),
  local: endpoint,
  conversation: index.optional(),
  inode: z.int().optional(),
  owners: z.array(owner),
  backlog: z.int().optional(),
  queue: z.array(queueChange).optional(),
  changes: z.array(z.object({ at: micros, state: z.string(), passage: z.int().optional(), call: z.int().optional() })),
});

const look = z.object({
  name: z.string(),
  host: z.string(),
  at: micros,
  sockets: z.array(z.object({ row: z.int().min(1), state: z.string(), local: endpoint, peer: endpoint })),
  processes: z.array(z.object({ row: z.int().min(1), pid: z.int(), ppid: z.int(), name: z.string() })),
  counters: z.record(z.string(), z.number()),
  missing: z
    .array(z.enum(['sockets', 'processes', 'counters']))
    .optional()
    .describe('Tables that could not be read; an empty one is something else.'),
});

const proof = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('frame'), point, frame: z.int(), passage: z.int() }),
  z.object({ kind: z.literal('call'), program: z.string(), number: z.int(), call: z.int() }),
  z.object({
    kind: z.literal('row'),
    look: z.string(),
    host: z.string(),
    table: z.enum(['sockets', 'processes']),
    row: z.int(),
  }),
  z.object({ kind: z.literal('output'), program: z.string(), at: micros }),
]);

const verdict = z.object({
  at: z.string().describe('Where it stands: `scenarios/refused.yml:9`.'),
  verdict: verdictWord,
  expected: text,
  seen: text,
  proofs: z.array(proof),
});

const run = z.object({
  version: z.literal(1),
  labctl: z.string(),
  lab: z.string(),
  scenario: z.string(),
  started: micros,
  ended: micros,
  outcome: z.enum(['complete', 'step-failed', 'interrupted', 'engine-failed']),
  hosts: z.array(z.object({ name: z.string() })),
  programs: z.array(z.object({ name: z.string(), host: z.string(), argv: z.array(z.string()) })),
  wire: z
    .array(z.object({ rule: z.string(), passed: count, hit: count }))
    .optional()
    .describe('Counters of the rules of the wire: packets that each was about, and that it dropped.'),
  drops: z.array(z.object({ host: z.string(), interface: z.string(), captured: count, dropped: count })),
});

export const reportSchema = z.object({
  version: z.literal(1).describe('Raised when a reader of the old form would misread the new one.'),
  run,
  passages: z.array(passage),
  conversations: z.array(conversation),
  calls: z.array(call),
  looks: z.array(look),
  counterRises: z
    .array(z.object({ host: z.string(), from: micros, until: micros, changes: z.record(z.string(), z.number()) }))
    .describe('Kernel counters of retransmission, as they rose between two readings.'),
  samples: z
    .array(
      z.object({
        host: z.string(),
        at: micros,
        local: endpoint,
        peer: endpoint,
        algorithm: z.string().describe('The congestion control: `reno`, `cubic`, `bbr`.'),
        congestionWindow: count,
        inFlight: count,
        peerWindow: count.optional(),
      }),
    )
    .describe('TCP connections as `ss -ti` measured them, in bytes; empty unless the scenario says `measure`.'),
  events: z.array(z.object({ at: micros, kind: z.string() })),
  moments: z.array(z.object({ at: micros, kind: z.string() })).describe('The one time line, causes before effects.'),
  states: z.array(socketHistory),
  blind: z
    .object({
      loopback: z.array(z.string()).describe('Hosts that talked to themselves while their loopback was not recorded.'),
      uring: z.array(z.string()).describe('Programs with an io_uring: what they ask for that way is in no trace.'),
    })
    .optional()
    .describe('What the evidence is blind to, where calls tell so.'),
  verdicts: z.array(verdict),
  verdict: verdictWord.describe(
    'unmet if one is unmet, else not-observable if one is, else met; not-observable where a rule of the wire met no packet.',
  ),
});

/** The JSON Schema (draft 2020-12) of `labctl show --json`. */
export function reportJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(reportSchema, { target: 'draft-2020-12', io: 'input', reused: 'ref' });
  return { ...schema, title: 'labctl report' };
}
