// What the time line says of packets, calls, sockets and processes, in English.
// Its shape is the contract: time-line-fr.ts does not compile with a phrase missing.

import { plural } from './plural-en.ts';

/** Whose connection a chart shows. */
interface GrowthTitle {
  program?: string;
  host: string;
  conversation: number;
  algorithm: string;
}

export const timeLine = {
  /** What a segment is for, on the ladder. */
  segment: {
    /** Two things to say of one packet. */
    and: (first: string, second: string) => `${first}; ${second}`,
    syn: (from: string, to: string | undefined) => `SYN: ${from} asks ${to === undefined ? 'to connect' : `for ${to}`}`,
    synAck: (from: string) => `SYN-ACK from ${from}’s kernel`,
    handshakeAck: (rtt: string | undefined) => `ACK: open${rtt === undefined ? '' : `; initial RTT ${rtt}`}`,
    data: (bytes: number, text: string) => `${plural(bytes, 'byte')}${text && ` ${text}`}`,
    ack: (from: string, bytes: number) => `ACK: ${from} has ${plural(bytes, 'byte')}`,
    bareAck: 'ACK',
    fin: (from: string) => `FIN: ${from} sends no more`,
    finBoth: (from: string) => `FIN: ${from} closes too`,
    finAck: 'ACK of the FIN',
    lastAck: 'ACK of the last FIN: closed',
    refused: 'RST: nobody listens there',
    reset: (from: string) => `RST: ${from} aborts`,
    gone: (from: string) => `RST: ${from} has no such connection any more`,
    windowUpdate: (from: string) => `${from} has room again`,
    duplicateAck: (wanted: number) => `duplicate ACK: wants ${wanted}`,
    has: (text: string, blocks: string) => `${text}, has ${blocks}`,
    hadTwice: (blocks: string) => `got ${blocks} twice (D-SACK)`,
    noRoom: 'window 0: no room',
    windowProbe: (from: string) => `window probe: ${from} asks for room`,
    keepAlive: (to: string) => `keep-alive: ${to}, are you there?`,
    datagram: (bytes: number, text: string) => `UDP, ${plural(bytes, 'byte')}${text && ` ${text}`}`,
    arp: (target: string) => `ARP: who has ${target}?`,
    arpReply: (sender: string, link: string) => `ARP: ${sender} is at ${link}`,
    unreachable: 'ICMP: unreachable',
    portUnreachable: 'ICMP: nobody at that port',
    echo: 'ICMP: ping',
    echoReply: 'ICMP: answer to a ping',
    undecoded: (layer: string, why: string) => `${layer} not decoded: ${why}`,
    again: (original: number, after: string) => `#${original} again, after ${after}`,
    lost: 'lost: never arrived',
    takenBy: (rule: string, matched: number) => `lost to rule “${rule}” (counter ${matched})`,
    cause: {
      timeout: 'RTO',
      'tail-loss-probe': 'tail loss probe',
      'fast-retransmission': 'fast retransmission',
      'slow-start': 'slow start after the RTO',
    },
    because: (again: string, cause: string, proof: string) => `${again}: ${cause} (${proof})`,
    duplicateAcks: (numbers: string) => `asked for by ${numbers}`,
    overtaken: (by: number) => `arrives after #${by}`,
    late: (number: number, by?: number) =>
      by === undefined ? `#${number} arrives` : `#${number} arrives out of order, after #${by}`,
    copy: (number: number) => `#${number} arrives once more: a copy nobody sent`,
  },
  ladder: {
    seconds: 'seconds',
    waited: (duration: string) => `waited ${duration}`,
    waits: 'waits',
    notYet: 'not arrived yet',
    hasArrived: (number: number) => `#${number} has arrived`,
    endOfStream: 'end of stream',
    acceptQueue: (length: number) => `accept queue ${length}`,
    endOfInput: 'end of input (Ctrl-D)',
    exited: (code: number) => `ends with exit code ${code}`,
    killed: (signal: string) => `ended by ${signal}`,
    receives: (signal: string) => `receives ${signal}`,
    signalled: (signal: string) => `${signal} from labctl`,
    cut: (bytes: string) => `… ${bytes} more bytes printed`,
    failed: (awaited: string, seen: string) => `Step failed. Awaited: ${awaited}. Seen: ${seen}.`,
    stopped: (why: string) => `The run was stopped: ${why}.`,
    look: (name: string) => `look “${name}”`,
    wire: (rule: string) => `On the wire: ${rule}.`,
    ruleEnds: (rule: string, hit: number) => `On the wire: the rule “${rule}” ends, counter ${hit}.`,
    paused: 'paused: no program runs, the kernel does',
    resumed: 'resumed: the programs go on',
    tuned: (host: string, settings: string) => `${host} was made anew for this run, with ${settings}.`,
    omitted: (rows: string) => `${rows} rows left out`,
    hidden: (packets: number) => `Left out: ${plural(packets, 'packet')} of the link’s own (ARP, neighbour discovery).`,
    loopback: (hosts: string) =>
      `What ${hosts} said to itself went over loopback, which was not recorded: calls without packets. \`loopback: [${hosts}]\` in the scenario records it.`,
    uring: (programs: string) =>
      `${programs} asks the kernel through io_uring: those calls are in no trace, and who took which connection is not known.`,
    tooNarrow: (columns: number) => `The ladder needs ${columns} columns; this terminal gets a list.`,
    nothing: 'No packet and no call was recorded.',
    conversation: (number: number, of: number) => `conversation ${number} of ${of}`,
    noConversation: (number: number, of: number) =>
      of === 0 ? 'This run has no TCP conversation.' : `There is no conversation ${number}: this run has 1 to ${of}.`,
  },
  look: {
    queued: (waiting: number, backlog: number) => `${waiting} waiting, backlog ${backlog}`,
    unread: (bytes: number) => `${plural(bytes, 'byte')} unread`,
    unacknowledged: (bytes: number) => `${bytes} unacked`,
    noOwner: 'no process',
    kernel: 'the kernel',
    ownerUnknown: 'not observable',
    zombie: 'zombie: ended, its parent has not called wait() yet',
    noSockets: 'no socket of the lab’s programs',
    noProcesses: 'no program is running',
    earlier: (count: number) => `Left out: ${plural(count, 'connection')} of earlier runs in TIME-WAIT.`,
    sinceLook: (name: string) => `since “${name}”`,
  },
  processState: {
    R: 'runs',
    S: 'sleeps',
    D: 'waits for a device',
    T: 'stopped',
    t: 'stopped',
    Z: 'zombie',
    I: 'idle',
    X: 'dead',
  },
  counter: {
    TcpActiveOpens: 'connections asked for (SYN sent)',
    TcpPassiveOpens: 'connections that came in',
    TcpAttemptFails: 'attempts that failed',
    TcpEstabResets: 'open connections that were reset',
    TcpRetransSegs: 'segments sent again',
    TcpOutRsts: 'RST sent',
    TcpExtListenOverflows: 'accept queue was full',
    TcpExtListenDrops: 'SYN dropped by a listener',
    TcpExtTCPTimeouts: 'retransmission timeouts (RTO)',
    TcpExtTCPLossProbes: 'tail loss probes (RFC 8985)',
    TcpExtTCPFastRetrans: 'fast retransmissions',
    TcpExtTCPSynRetrans: 'SYN or SYN-ACK sent again',
    TcpExtTCPAbortOnData: 'closed with bytes unread: RST',
    TcpExtTCPAbortOnClose: 'closed with bytes unread: RST',
    TcpExtTCPAbortOnTimeout: 'given up after too many timeouts',
    UdpNoPorts: 'datagrams to a port nobody has',
  },
  callTable: {
    noPacket: 'no packet',
  },
  owners: {
    none: 'none: in the accept queue',
    by: {
      socket: 'socket()',
      accept: 'accept()',
      fork: 'fork()',
      passed: 'a message',
      before: 'before the recording',
    },
    ended: { close: 'close()', exit: 'its end', exec: 'exec()' },
    heading: 'Sockets and who had them open',
    socket: 'socket',
    from: 'from',
    until: 'until',
    how: 'by',
    listens: (local: string) => `${local} listens`,
    more: (sockets: number) => `and ${plural(sockets, 'more socket')}`,
  },
  growth: {
    heading: 'Bytes in flight and the congestion window',
    title: ({ program, host, conversation, algorithm }: GrowthTitle) =>
      `${program === undefined ? host : `${program} at ${host}`}, conversation ${conversation}: ${algorithm}`,
    legend: (fill: string, window: string) =>
      `${fill} bytes in flight: sent, and neither acknowledged nor held to be lost  ${window} congestion window (ss -ti)`,
    inFlight: 'bytes in flight',
    congestionWindow: 'congestion window',
    peerWindow: 'the peer’s receive window',
    most: (inFlight: string, window: string) => `at most ${inFlight} in flight, congestion window up to ${window}`,
    peer: (from: string, until: string) => `the peer’s receive window: from ${from} to ${until}`,
  },
  frame: {
    neverAt: (host: string) => `never arrived at ${host}`,
    again: (frame: number) => `retransmission of frame ${frame}`,
    againUnseen: 'retransmission of a frame that never came by here',
    copy: 'arrives once more',
    call: (call: string, program: string) => `sent by ${call} of ${program}`,
    step: (step: number, summary: string) => `step ${step}: ${summary}`,
  },
};

export type TimeLineWords = typeof timeLine;
