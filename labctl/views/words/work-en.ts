// What labctl says of its own work: labs, steps, captures, the machine, in English.
// Its shape is the contract: work-fr.ts does not compile with a phrase missing.

import { plural } from './plural-en.ts';

export const work = {
  validate: { scenario: 'a scenario, nothing is wrong', compose: 'a Compose file, nothing is wrong' },
  dryRun: {
    lab: (lab: string, file: string, hosts: string) => `lab ${lab}, of ${file}; taking part and recorded: ${hosts}`,
    anew: (host: string, settings: string) => `${host} is made anew for the run, with ${settings}`,
    programs: (host: string, paths: string) => `put into /work of ${host} and built there: ${paths}`,
    own: (role: string, by: string) =>
      `your own ${role}, ${by}, stands in for that of the lab; it is built in its hosts`,
    wire: (rule: string) => `on the wire from the start: ${rule}`,
    steps: (count: number) => `${count} ${count === 1 ? 'step' : 'steps'}`,
    beside: (branch: number) => `∥${branch}`,
    expectations: (count: number) => `${count} ${count === 1 ? 'expectation' : 'expectations'}`,
    nothing: 'Nothing was started.',
  },
  progress: {
    prompt: (step: number, steps: number, summary: string) => `Enter: step ${step} of ${steps}, ${summary}`,
    recording: (host: string, interfaces: string) => `recording ${host} (${interfaces})`,
    step: (step: number, summary: string) => `step ${step}: ${summary}`,
    failed: (step: number, awaited: string, seen: string) => `step ${step} failed: awaited ${awaited}; seen: ${seen}`,
    started: (program: string, host: string, command: string) => `${program} started on ${host}: ${command}`,
    ended: (program: string, code: number) => `${program} ended with exit code ${code}`,
    dropped: (where: string, dropped: number, captured: number) =>
      `${where}: ${dropped} of ${captured + dropped} packets dropped`,
    stopped: (why: string) => `stopped: ${why}`,
    clockStepped: (by: string) =>
      `the machine’s clock jumped by ${by} during the run: times before and after do not fit`,
    pulling: (image: string) => `pulling ${image}`,
    building: (image: string) => `building ${image}`,
    ready: (image: string, built: boolean) => `image ${image} ${built ? 'built' : 'is up to date'}`,
    networkCreated: (network: string, subnet: string) => `network ${network} ${subnet}`,
    hostCreated: (host: string) => `host ${host} created`,
    hostStarted: (host: string) => `host ${host} started`,
    hostRemoved: (host: string) => `host ${host} removed`,
    networkRemoved: (network: string) => `network ${network} removed`,
    networkStuck: (network: string) => `network ${network} stays, empty, until Docker is restarted: it lost count`,
    byHand: (shell: string) =>
      `Recording until Ctrl-C. Open shells now, each in a terminal of its own:\n  ${shell}\n(Of a shell that is open already the packets are recorded, but not the calls.)`,
    capturing: (points: string) => `capturing ${points} until Ctrl-C`,
    captured: (point: string, packets: number, dropped: number) =>
      `${point}: ${plural(packets, 'packet')}, ${dropped} dropped`,
    saving: (file: string, size: string) => `writing the images into ${file} … ${size}`,
    loading: (file: string, size: string) => `loading the images of ${file} … ${size}`,
  },
  lab: {
    up: (lab: string, engine: string, hosts: number) =>
      `Lab ${lab} is up on the ${engine} engine: ${plural(hosts, 'host')}.`,
    unchanged: (lab: string, engine: string) =>
      `Lab ${lab} is up already on the ${engine} engine; nothing had to be changed.`,
    engineTaken: (engine: string) =>
      engine === 'embedded'
        ? 'Engine: embedded, hosts made of this machine’s own programs. The same lab on Docker, beside this one:'
        : `Engine: ${engine}.`,
    down: (lab: string, objects: number, stuck: number) =>
      stuck > 0
        ? `Lab ${lab} is down but for ${plural(stuck, 'empty network')}: ${plural(objects, 'object')} removed.`
        : objects === 0
          ? `Lab ${lab} is down already; nothing had to be removed.`
          : `Lab ${lab} is down: ${plural(objects, 'object')} removed.`,
    none: 'No lab is up.',
    busy: 'too busy to say',
    imagesBuilt: 'Images built.',
    imagesCurrent: 'Nothing to build: all images are up to date.',
    imageLoaded: (image: string) => `loaded ${image}`,
    title: (lab: string, engine: string) => `${lab} (${engine})`,
    noScenarios: 'There is no scenario here.',
    noRuns: 'There is no run yet.',
    state: { running: 'running', created: 'created', exited: 'exited', paused: 'paused', other: 'other' },
  },
  capture: {
    summary: (packets: string, bytes: string, segments: string) =>
      `${packets} packets, ${segments} of them TCP; ${bytes} bytes on the wire`,
    lasts: (from: string, duration: string) => `from ${from} UTC on, for ${duration}`,
    onePoint: 'One capture point: what it shows left or passed there; whether it arrived, it cannot say.',
    noTcp: 'There is no TCP in this capture.',
    conversation: 'conversation',
    packets: 'packets',
    happened: 'end, and Wireshark’s analysis',
    more: (conversations: string) => `and ${conversations} more conversations; --all shows them`,
    stream: (number: number) => `Conversation ${number} is tcp.stream ${number - 1} in Wireshark.`,
    damaged: (what: string) => `The capture is damaged: ${what}.`,
    dropped: (count: string, where: string) => `${count} packets were dropped by the recording at ${where}`,
    choose: 'Draw one with --conversation N, everything with --all.',
    chooseAll: 'Draw everything with --all.',
    quoted: 'quoted by ICMP',
    ladder: 'What was captured, frame by frame',
  },
  doctor: { ok: 'ok', mended: 'mended', untried: 'not tried', todo: 'to do', optional: 'optional' },
};

export type WorkWords = typeof work;
