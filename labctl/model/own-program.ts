// A student's own program in a scenario: which role it takes, and how it is started there.

export const roles = ['server', 'client'] as const;
export type Role = (typeof roles)[number];

/** Which port a server is asked to listen on, and which host a client is asked to connect to. */
export interface Wanted {
  host: string;
  port: number;
}

/** A program that is ready to be started in its hosts. */
export interface OwnProgram {
  /** The command line without what is asked of it; the role's words are appended unless `placed`. */
  argv: readonly string[];
  /** The command line says by `{port}` and `{host}` itself where they go. */
  placed?: boolean;
  /** Where it lies in the host: its working directory. */
  folder?: string;
}

export type OwnPrograms = Partial<Record<Role, OwnProgram>>;

/** How a step starts a student's program: a rest of the step that no scenario file can say. */
export interface OwnStart {
  role: Role;
  folder?: string;
  environment: Record<string, string>;
}

/** What a client prints is seen line by line as on a terminal, though it goes into a pipe (stdbuf(1)). */
const byLine = ['stdbuf', '-oL'];

/** `server PORT`, `client HOST PORT`; with `placed`, wherever the command line names them. */
export function ownCommand({ argv, placed }: OwnProgram, role: Role, { host, port }: Wanted): string[] {
  const fill = (word: string) => word.replaceAll('{port}', String(port)).replaceAll('{host}', host);
  if (placed) return argv.map(fill);
  return role === 'client' ? [...byLine, ...argv, host, String(port)] : [...argv, String(port)];
}

/** What the program finds in its environment; Python prints without waiting for a full buffer. */
export const ownEnvironment = (role: Role, { host, port }: Wanted): Record<string, string> => ({
  PORT: String(port),
  PYTHONUNBUFFERED: '1',
  ...(role === 'client' ? { HOST: host } : {}),
});
