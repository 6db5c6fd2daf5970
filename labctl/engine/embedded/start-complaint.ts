// Recognises that a program could not be started: env(1), which becomes the program, says so on standard error.

type Chunk = { stream: 'stderr'; bytes: Uint8Array };

/** Standard error, whose first line may be env's, in pieces; that becomes one line in labctl's words. */
export class StartComplaint {
  /** What a shell answers, once it is known that the program did not start. */
  exitCode: number | undefined;
  readonly #program: string;
  /** How env begins, which is told its own name by its path. */
  readonly #start: string;
  #held: Buffer | undefined = Buffer.alloc(0);

  constructor(program: string) {
    this.#program = program;
    this.#start = `/usr/bin/env: '${program}': `;
  }

  *hear(bytes: Uint8Array): Generator<Chunk> {
    if (this.#held === undefined) return yield { stream: 'stderr', bytes };
    this.#held = Buffer.concat([this.#held, bytes]);
    const text = this.#held.toString('latin1');
    const maySay = text.startsWith(this.#start) || this.#start.startsWith(text);
    if (!maySay || text.includes('\n')) yield* this.rest();
    return undefined;
  }

  /** What is still held back, when the output ended. */
  *rest(): Generator<Chunk> {
    const held = this.#held ?? Buffer.alloc(0);
    this.#held = undefined;
    if (!held.toString('latin1').startsWith(this.#start)) {
      if (held.length > 0) yield { stream: 'stderr', bytes: held };
      return;
    }
    const reason = held.toString().trim().split(': ').at(-1) ?? '';
    const missing = /no such file/i.test(reason);
    this.exitCode = missing ? 127 : 126;
    const words = missing ? 'there is no such program' : `cannot be started: ${reason.toLowerCase()}`;
    yield { stream: 'stderr', bytes: Buffer.from(`${this.#program}: ${words}\n`) };
  }
}
