// The pcapng stream of a live capture: what comes before it begins waits, then frames leave in order of time.

import type { RunningLab } from '../engine/engine.ts';
import { linkTypes } from '../evidence/capture-frame.ts';
import { CaptureParser } from '../evidence/capture-reader.ts';
import { LiveOrder } from '../evidence/live-order.ts';
import { isMarker } from '../evidence/marker.ts';
import { PcapngWriter, type WrittenFrame } from '../evidence/pcapng-writer.ts';
import { now } from '../model/time.ts';
import { packageVersion } from '../root.ts';
import type { ByteSink } from './call-log.ts';
import type { CapturePoint } from './capture-points.ts';
import type { CaptureCounts } from './hello.ts';
import { addressNames } from './topology.ts';

export interface StreamOptions {
  lab: RunningLab;
  /** Captures of several hosts come by ways of their own; so many milliseconds a frame waits for earlier ones. */
  hold: number;
  /** What was captured, in the language of pcap-filter(7). */
  filter?: string | undefined;
  /** Where the stream goes; a promise that it gives is awaited before more is read. */
  write: ByteSink;
}

/** What became of one interface. */
export interface PointTotals extends Pick<CapturePoint, 'host' | 'interface'> {
  captured: number;
  /** By the kernel, before tcpdump could read them. */
  dropped: number;
}

/** What recorder.py asks tcpdump for. */
const snapLength = 2000;

export class CaptureStream {
  points: readonly CapturePoint[] = [];
  readonly #writer = new PcapngWriter();
  readonly #options: StreamOptions;
  readonly #order: LiveOrder;
  /** `host/interface` → its number in the order of the sinks; the points come in that of the hosts. */
  readonly #inputs: string[] = [];
  readonly #captured: number[] = [];
  #numbers: readonly number[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#order = new LiveOrder(options.hold);
  }

  /** Where the pcap stream of one interface goes. */
  sink(host: string, networkInterface: string): ByteSink {
    const input = this.#inputs.push(`${host}/${networkInterface}`) - 1;
    const parser = new CaptureParser();
    return (bytes) => {
      const frames = parser.push(Uint8Array.from(bytes)).filter((frame) => !isMarker(frame.bytes, frame.linkType));
      this.#order.push(input, frames, Date.now());
      return this.#flush(Date.now());
    };
  }

  async begin(points: readonly CapturePoint[]): Promise<void> {
    this.points = points;
    this.#numbers = this.#inputs.map((name) => points.findIndex((point) => point.name === name));
    const { lab, filter, write } = this.#options;
    const application = `labctl ${packageVersion}`;
    const comment = `${application}, live capture of the lab ${lab.name} (${lab.engine})`;
    await write(
      Buffer.concat([
        this.#writer.section({ comment, application }),
        ...points.map(({ name, description }) =>
          this.#writer.interface({ ...{ name, description, filter, snapLength }, linkType: linkTypes.ethernet }),
        ),
        this.#writer.names(addressNames(lab)),
      ]),
    );
    await this.#flush(Date.now());
  }

  /** How many packets each interface gave so far. */
  async pulse(): Promise<void> {
    await this.#quietly(() => this.#statistics(() => ({})));
  }

  /** Everything that waits, then what tcpdump counted. */
  async end(counts: readonly (CaptureCounts | undefined)[]): Promise<PointTotals[]> {
    await this.#flush(Number.POSITIVE_INFINITY);
    await this.#statistics((point) => ({ received: counts[point]?.received, osDropped: counts[point]?.dropped }));
    return this.points.map(({ host, interface: name }, point) => ({
      ...{ host, interface: name },
      ...{ captured: this.#captured[point] ?? 0, dropped: counts[point]?.dropped ?? 0 },
    }));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #statistics(of: (point: number) => { received?: number; osDropped?: number }): void | Promise<void> {
    const blocks = this.points.map((_, point) =>
      this.#writer.statistics(point, { at: now(), delivered: this.#captured[point] ?? 0, ...of(point) }),
    );
    return this.#options.write(Buffer.concat(blocks));
  }

  #flush(until: number): void | Promise<void> {
    if (this.points.length === 0) return undefined;
    clearTimeout(this.#timer);
    const blocks = this.#order.take(until).map(({ frame, input }) => this.#packet(frame, this.#numbers[input] ?? 0));
    if (this.#order.size > 0)
      this.#timer = setTimeout(() => void this.#quietly(() => this.#flush(Date.now())), this.#options.hold);
    return blocks.length > 0 ? this.#options.write(Buffer.concat(blocks)) : undefined;
  }

  /** What the disk refuses is said by the next packet's write, or by the last one. */
  async #quietly(write: () => void | Promise<void>): Promise<void> {
    try {
      await write();
    } catch {
      this.stop();
    }
  }

  #packet(frame: WrittenFrame, point: number): Uint8Array {
    this.#captured[point] = (this.#captured[point] ?? 0) + 1;
    return this.#writer.packet(point, frame);
  }
}
