// What a program prints, read ahead of whoever takes it: so that its end is heard though its last words are not.

/** A queue with room for so many bytes; whoever fills it waits while it is full. */
export class ReadAhead<Chunk extends { bytes: Uint8Array }> {
  readonly #limit: number;
  readonly #chunks: Chunk[] = [];
  #bytes = 0;
  #over = false;
  #failure: unknown;
  #unwanted = false;
  #news: () => void = () => undefined;
  #changed: Promise<void> = Promise.resolve();

  constructor(limit: number) {
    this.#limit = limit;
    this.#tell();
  }

  /** Settles when there is room for more. */
  async push(chunk: Chunk): Promise<void> {
    if (this.#unwanted) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.bytes.length;
    this.#tell();
    while (this.#bytes > this.#limit && !this.#unwanted) await this.#changed;
  }

  /** Nothing follows; a failure is thrown to whoever takes what came before it. */
  end(failure?: unknown): void {
    this.#over = true;
    this.#failure = failure;
    this.#tell();
  }

  /** Nobody takes anything any more. */
  drop(): void {
    this.#unwanted = true;
    this.#chunks.length = 0;
    this.#tell();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Chunk> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk) {
        this.#bytes -= chunk.bytes.length;
        this.#tell();
        yield chunk;
      } else if (this.#over) break;
      else await this.#changed;
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  #tell(): void {
    this.#news();
    this.#changed = new Promise((resolve) => {
      this.#news = resolve;
    });
  }
}
