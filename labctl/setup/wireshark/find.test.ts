import { describe, expect, it } from 'vitest';
import { extcapFolder, findWireshark, howToGet, type Machine, parseFolders } from './find.ts';

const machine = (rest: Partial<Machine>, path: string[] = [], files: string[] = []): Machine => ({
  platform: 'linux',
  wsl: false,
  home: '/home/ada',
  onPath: (program) => path.includes(program),
  hasFile: (file) => files.includes(file),
  ...rest,
});
const app = '/Applications/Wireshark.app/Contents/MacOS';
const windows = '/mnt/c/Program Files/Wireshark';

describe('findWireshark', () => {
  it('takes what PATH finds on Linux, and says when there is nothing', () => {
    expect(findWireshark(machine({}, ['wireshark', 'tshark']))).toEqual({
      wireshark: 'wireshark',
      tshark: 'tshark',
      windows: false,
    });
    expect(findWireshark(machine({}, ['tshark']))).toEqual({ tshark: 'tshark', windows: false });
    expect(findWireshark(machine({}))).toEqual({ windows: false });
  });

  it('looks into the application on macOS, also into that of one user', () => {
    const mac = { platform: 'darwin' } as const;
    expect(findWireshark(machine(mac, [], [`${app}/Wireshark`, `${app}/tshark`]))).toEqual({
      wireshark: `${app}/Wireshark`,
      tshark: `${app}/tshark`,
      windows: false,
    });
    expect(findWireshark(machine(mac, ['tshark'], [`/home/ada${app}/Wireshark`]))).toEqual({
      wireshark: `/home/ada${app}/Wireshark`,
      tshark: 'tshark',
      windows: false,
    });
  });

  it('finds that of Windows from a WSL that has none of its own', () => {
    const files = [`${windows}/Wireshark.exe`, `${windows}/tshark.exe`];
    expect(findWireshark(machine({ wsl: true }, ['tshark'], files))).toEqual({
      wireshark: `${windows}/Wireshark.exe`,
      tshark: `${windows}/tshark.exe`,
      windows: true,
    });
    expect(findWireshark(machine({ wsl: true }, ['wireshark', 'tshark'], files))).toEqual({
      wireshark: 'wireshark',
      tshark: 'tshark',
      windows: false,
    });
    expect(findWireshark(machine({ wsl: true }, ['tshark']))).toEqual({ tshark: 'tshark', windows: false });
  });
});

describe('howToGet', () => {
  it('names the way of each system', () => {
    expect(howToGet({ platform: 'darwin', wsl: false }, false)).toContain('brew install --cask wireshark');
    expect(howToGet({ platform: 'linux', wsl: true }, true)).toContain('in Windows');
    expect(howToGet({ platform: 'linux', wsl: false }, true)).toBe('sudo apt-get install wireshark');
  });
});

describe('extcapFolder', () => {
  it('is the one of Wireshark 4.0, and the user’s own of later ones', () => {
    const before =
      'Temp:                \t/tmp\nPersonal configuration:\t/root/.config/wireshark\nExtcap path:\t/usr/lib/extcap\n';
    expect(extcapFolder(parseFolders(before))).toEqual({ path: '/usr/lib/extcap', own: false });
    expect(parseFolders(before).get('Personal configuration')).toBe('/root/.config/wireshark');
    const later =
      'Personal Extcap path:\t/home/ada/.local/lib/wireshark/extcap\r\nGlobal Extcap path:\t/usr/lib/extcap\r\n';
    expect(extcapFolder(parseFolders(later))).toEqual({ path: '/home/ada/.local/lib/wireshark/extcap', own: true });
    expect(extcapFolder(parseFolders('nothing'))).toBeUndefined();
  });
});
