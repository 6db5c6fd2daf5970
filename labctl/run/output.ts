// What a program printed, as far as it is kept: text to search in, pieces to record, a count of the rest.

export type OutputStream = 'stdout' | 'stderr';

/** A piece of output to be recorded, and how many bytes of the chunk were beyond the limit. */
export interface KeptOutput {
  text: string;
  bytes: Uint8Array;
  cut: number;
}

/** Bytes kept of one program, both streams together; what comes after is only counted. */
export const outputLimit = 1_000_000;
const shownEnd = 300;

export class Output {
  readonly #limit: number;
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  #text = '';
  #kept = 0;
  #mark = 0;
  /** Bytes printed, kept or not. */
  total = 0;

  constructor(limit: number = outputLimit) {
    this.#limit = limit;
  }

  /** Bytes that came after the limit. */
  get cut(): number {
    return this.total - this.#kept;
  }

  push(stream: OutputStream, chunk: Uint8Array): KeptOutput {
    const bytes = chunk.subarray(0, Math.max(0, this.#limit - this.#kept));
    const text = this.#decoders[stream].decode(bytes, { stream: true });
    this.total += chunk.length;
    this.#kept += bytes.length;
    this.#text += text;
    return { text, bytes, cut: chunk.length - bytes.length };
  }

  /** From now on `sinceMark` starts here: a line is being typed. */
  mark(): void {
    this.#mark = this.#text.length;
  }

  get all(): string {
    return this.#text;
  }

  get sinceMark(): string {
    return this.#text.slice(this.#mark);
  }

  /** The end of what was printed since the mark, in quotes, for a message; `nothing` if nothing was. */
  get seen(): string {
    const text = this.sinceMark.trimEnd();
    const end = text.length > shownEnd ? `…${text.slice(-shownEnd)}` : text;
    const cut = this.cut > 0 ? ` (and ${this.cut} bytes more that were not kept)` : '';
    return (end === '' ? 'nothing' : JSON.stringify(end)) + cut;
  }
}
