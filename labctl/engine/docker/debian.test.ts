import { describe, expect, it } from 'vitest';
import { sourceLines } from './debian.ts';

describe('sourceLines', () => {
  it("takes Debian's release and its updates, once each, and nothing of others", () => {
    const targets = [
      'Debian bookworm http://mirror/debian/ main',
      'Debian bookworm http://mirror/debian/ main',
      'Debian bookworm-updates http://mirror/debian/ main',
      'Debian bookworm-security http://mirror/debian-security/ main',
      'Debian bookworm-backports http://mirror/debian/ main',
      'Debian trixie http://mirror/debian/ main',
      'Somebody bookworm http://elsewhere/ main',
      '',
    ];
    expect(sourceLines(targets.join('\n'))).toEqual([
      'deb http://mirror/debian/ bookworm main',
      'deb http://mirror/debian/ bookworm-updates main',
      'deb http://mirror/debian-security/ bookworm-security main',
    ]);
  });

  it('gives none where the release itself is missing: mmdebstrap knows its own', () => {
    expect(
      sourceLines('Debian bookworm-updates http://mirror/debian/ main\nUbuntu noble http://mirror/ main\n'),
    ).toEqual([]);
    expect(sourceLines('')).toEqual([]);
  });
});
