// Where Wireshark and its tools are on this machine, and how a path is written for them: Linux, macOS, Windows from WSL.

import { join } from 'node:path/posix';

/** What has to be known of a machine. */
export interface Machine {
  platform: NodeJS.Platform;
  /** `/proc/version` of a WSL says Microsoft. */
  wsl: boolean;
  home: string;
  /** True for a program that PATH finds. */
  onPath: (program: string) => boolean;
  hasFile: (path: string) => boolean;
}

export interface WiresharkPrograms {
  wireshark?: string;
  tshark?: string;
  /** Windows programs that WSL starts: their paths go through `wslpath`. */
  windows: boolean;
}

const macFolders = (home: string): string[] =>
  ['/Applications', join(home, 'Applications')].map((folder) => join(folder, 'Wireshark.app/Contents/MacOS'));
const windowsFolders = ['/mnt/c/Program Files/Wireshark', '/mnt/c/Program Files (x86)/Wireshark'];

/** What PATH finds comes first; then where installers put it. In a WSL its own Wireshark comes before Windows'. */
export function findWireshark({ platform, wsl, home, onPath, hasFile }: Machine): WiresharkPrograms {
  const windows = wsl && !onPath('wireshark');
  const folders = platform === 'darwin' ? macFolders(home) : windows ? windowsFolders : [];
  const place = (name: string, file: string): Record<string, string> => {
    const found = folders.map((folder) => join(folder, file)).find(hasFile);
    const program = onPath(name) && !windows ? name : (found ?? (onPath(name) ? name : undefined));
    return program === undefined ? {} : { [name]: program };
  };
  const suffix = windows ? '.exe' : '';
  const programs = {
    ...place('wireshark', windows ? 'Wireshark.exe' : 'Wireshark'),
    ...place('tshark', `tshark${suffix}`),
  };
  return { ...programs, windows: windows && Object.values(programs).some((program) => program.endsWith('.exe')) };
}

/** How to get Wireshark here. */
export function howToGet({ platform, wsl }: Pick<Machine, 'platform' | 'wsl'>, debianLike: boolean): string {
  if (platform === 'darwin') return 'brew install --cask wireshark, or the installer of https://www.wireshark.org';
  if (wsl) return 'install Wireshark in Windows (https://www.wireshark.org): labctl finds it from here';
  if (debianLike) return 'sudo apt-get install wireshark';
  return 'install the package wireshark of your system, or see https://www.wireshark.org';
}

/** The folders that `tshark -G folders` prints, by the names that it prints them with. */
export function parseFolders(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/).map((line) => /^([^:]+):\s+(\S.*)$/.exec(line));
  return new Map(lines.flatMap((match) => (match ? [[match[1] ?? '', match[2] ?? ''] as const] : [])));
}

/** Where plug-ins for capturing go: a folder of the user's own where this Wireshark has one (4.2 and later). */
export function extcapFolder(folders: ReadonlyMap<string, string>): { path: string; own: boolean } | undefined {
  const personal = folders.get('Personal Extcap path');
  if (personal !== undefined) return { path: personal, own: true };
  const only = folders.get('Extcap path') ?? folders.get('Global Extcap path');
  return only === undefined ? undefined : { path: only, own: false };
}
