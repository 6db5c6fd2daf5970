// The rules of a run's wire: puts them into force, reads back what was loaded, takes them out, and reads their counters.

import type { Engine, Wire } from '../engine/engine.ts';
import { LabError } from '../model/lab-error.ts';
import type { RunEvent } from '../model/run.ts';
import type { Scenario } from '../model/scenario.ts';
import { now } from '../model/time.ts';
import type { WireChange, WireCount, WireRule } from '../model/wire.ts';
import { ruleText } from '../model/wire-text.ts';
import { tableName } from '../plan/names.ts';
import { countOf, differenceOf, type Listing, readListing } from '../plan/wire-listing.ts';
import { addText, type NftRule, nftRule, removeText } from '../plan/wire-nft.ts';
import {
  isQueue,
  layWords,
  liftWords,
  type Queue,
  queueCount,
  queueDifference,
  queuesOf,
  showWords,
} from '../plan/wire-queue.ts';

/** Everything that a scenario does to the wire, in its order. */
export const changesOf = ({ wire = [], steps }: Pick<Scenario, 'wire' | 'steps'>): WireChange[] => [
  ...wire,
  ...steps.flatMap((step) => (step.verb === 'wire' ? step.wire : [])),
];

/** One rule as it was laid: chains of nft, or queues. */
interface Laid {
  nft?: NftRule;
  queues: Queue[];
}

export class WireRules {
  readonly #wire: Wire;
  readonly #table: string;
  readonly #laid = new Map<string, Laid>();
  /** Counts of queues that were lifted: they die with their queue. */
  readonly #lifted = new Map<string, WireCount>();
  #released = false;
  #failure: LabError | undefined;

  private constructor(wire: Wire, lab: string) {
    this.#wire = wire;
    void wire.lost.then(() => {
      if (this.#released) return;
      this.#failure = new LabError('engine', 'the rules of the wire are lost: what held them has ended');
      this.onLost();
    });
    this.#table = tableName(lab);
  }

  /**
   * Holds the wire of the lab for a scenario that has rules; gives undefined for one that has none. Throws LabError,
   * before anything has begun, when another run holds it or when the kernel cannot do what a rule needs.
   */
  static async open(engine: Engine, lab: string, scenario: Scenario): Promise<WireRules | undefined> {
    const rules = changesOf(scenario).filter((change) => change.kind !== 'remove');
    if (rules.length === 0) return undefined;
    const opened = new WireRules(await engine.wire(lab, scenario.hosts), lab);
    try {
      for (const rule of rules) if (isQueue(rule)) await opened.#probe(rule);
      return opened;
    } catch (error) {
      await opened.release();
      throw error;
    }
  }

  /** Puts a rule into force, or out of it, and tells of it. Throws LabError when what was loaded is not what was meant. */
  async change(change: WireChange, event: (event: RunEvent) => void): Promise<void> {
    if (change.kind === 'remove') {
      const count = await this.#remove(change.remove);
      event({ at: now(), kind: 'rule-removed', ...count });
      return;
    }
    const nft = await this.#add(change);
    event({ at: now(), kind: 'rule-added', rule: change.rule, summary: ruleText(change), loaded: nft });
  }

  /** Told when the rules do not hold any more, though nobody took them away. */
  onLost: () => void = () => undefined;

  throwIfLost(): void {
    if (this.#failure) throw this.#failure;
  }

  /** What every rule of the run counted. */
  async counts(): Promise<WireCount[]> {
    this.throwIfLost();
    const listing = [...this.#laid.values()].some(({ nft }) => nft) ? await this.#list() : undefined;
    const counts: WireCount[] = [];
    for (const [rule, { nft, queues }] of this.#laid) {
      const lifted = this.#lifted.get(rule);
      if (nft && listing) counts.push(countOf(nft, listing));
      else counts.push(lifted ?? (await this.#queueCounts(rule, queues)));
    }
    return counts;
  }

  /** Nothing of the rules is left when this settles. */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    await this.#wire.release();
  }

  /** Lays the queues of a rule for a moment: a kernel without their kind says so. */
  async #probe(rule: Parameters<typeof queuesOf>[0]): Promise<void> {
    for (const queue of queuesOf(rule, this.#wire.ports)) {
      const { exitCode, stderr } = await this.#wire.exec(layWords(queue));
      if (exitCode === 0) await this.#tool(liftWords(queue));
      else if (/kind is unknown|No such file/.test(stderr)) throw unknownQueue(queue, rule);
      else throw this.#failed(stderr);
    }
  }

  /** The text that was loaded. */
  async #add(rule: WireRule): Promise<string> {
    if (isQueue(rule)) return this.#lay(rule);
    const nft = nftRule(rule, this.#wire.ports, this.#laid.size);
    if (nft === undefined) throw new Error(`no chains for ${rule.rule}`);
    this.#laid.set(rule.rule, { nft, queues: [] });
    const text = addText(this.#table, nft);
    const loaded = readListing(await this.#script(`nft -f - && ${this.#listCommand}`, text));
    const difference = differenceOf(nft, loaded);
    if (difference !== undefined) throw notAsMeant(rule, difference);
    return text;
  }

  async #lay(rule: Parameters<typeof queuesOf>[0]): Promise<string> {
    const queues = queuesOf(rule, this.#wire.ports);
    this.#laid.set(rule.rule, { queues });
    for (const queue of queues) {
      await this.#tool(layWords(queue));
      const difference = queueDifference(queue, await this.#tool(showWords(queue)));
      if (difference !== undefined) throw notAsMeant(rule, difference);
    }
    return queues.map((queue) => `${layWords(queue).join(' ')}\n`).join('');
  }

  async #remove(rule: string): Promise<WireCount> {
    const { nft, queues } = this.#laid.get(rule) ?? { queues: [] };
    if (nft) {
      const listing = await this.#script(`nft -f - && ${this.#listCommand}`, removeText(this.#table, nft));
      return countOf(nft, readListing(listing));
    }
    const count = await this.#queueCounts(rule, queues);
    this.#lifted.set(rule, count);
    for (const queue of queues) await this.#tool(liftWords(queue));
    return count;
  }

  async #queueCounts(rule: string, queues: readonly Queue[]): Promise<WireCount> {
    const sum: WireCount = { rule, hit: 0, passed: 0 };
    for (const queue of queues) {
      const { hit, passed } = queueCount(queue, await this.#tool(showWords(queue)));
      sum.hit += hit;
      sum.passed += passed;
    }
    return sum;
  }

  get #listCommand(): string {
    return `nft -j list table bridge '${this.#table}'`;
  }

  async #list(): Promise<Listing> {
    return readListing(await this.#script(this.#listCommand));
  }

  #script(script: string, input?: string): Promise<string> {
    return this.#tool(['sh', '-c', script], input);
  }

  async #tool(argv: readonly string[], input?: string): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#wire.exec(argv, input);
    if (exitCode === 0) return stdout;
    throw this.#failed(stderr || stdout);
  }

  #failed(words: string): LabError {
    const [line = ''] = words.trim().split('\n');
    return new LabError('engine', `the network did not take a rule: ${line || 'no reason was given'}`);
  }
}

const notAsMeant = ({ rule, place }: WireRule, difference: string): LabError =>
  new LabError('engine', `the kernel loaded another rule "${rule}" than was meant: ${difference}`, {
    where: place,
    hint: 'this nft and labctl do not understand each other; please report both versions',
  });

const unknownQueue = ({ kind }: Queue, { place, kind: rule }: WireRule): LabError =>
  new LabError('engine', `this kernel has no ${kind}, which "${rule}" needs`, {
    where: place,
    hint:
      kind === 'netem'
        ? 'try `sudo modprobe sch_netem`, or a kernel that has it (Debian’s does); loss and rates work without it'
        : `try \`sudo modprobe sch_${kind}\``,
  });
