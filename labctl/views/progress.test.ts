import { describe, expect, it } from 'vitest';
import { engineProgress, passesBy, runProgress, setupProgress, stepPrompt } from './progress.ts';
import { plainStyle, storyStart } from './testing.ts';

describe('progress', () => {
  it('says what an engine does', () => {
    expect(engineProgress({ kind: 'network-created', network: 'lab', subnet: '10.213.0.0/28' }, plainStyle)).toBe(
      ' ✓ network lab 10.213.0.0/28',
    );
    expect(engineProgress({ kind: 'network-stuck', network: 'lab' }, plainStyle)).toBe(
      ' ✗ network lab stays, empty, until Docker is restarted: it lost count',
    );
    expect(engineProgress({ kind: 'image-building', image: 'labctl/base', line: '  ' }, plainStyle)).toBeUndefined();
    expect(
      engineProgress({ kind: 'host-started', host: 'client1' }, { ...plainStyle, language: 'fr', unicode: false }),
    ).toBe(' + hote client1 demarre');
  });
  it('lets what a build prints pass by', () => {
    const building = (line?: string) => passesBy({ kind: 'image-building', image: 'labctl/base', line });
    expect(
      [undefined, 'Step 2/6 : FROM $BASE', 'I: running apt-get update...', ' ---> e7b3fc7046df'].map(building),
    ).toEqual(['no', 'a stage', 'a stage', 'yes']);
    expect(passesBy({ kind: 'host-created', host: 'server' })).toBe('yes');
    expect(passesBy({ kind: 'host-started', host: 'server' })).toBe('no');
  });
  it('says what a run does, in one line however much is printed', () => {
    const output = (text: string) =>
      runProgress({ at: storyStart, kind: 'output', program: 'c1', stream: 'stdout', text }, plainStyle);
    expect(output('hello\n')).toBe(' « c1: hello');
    expect(output('one\ntwo\n')).toBe(' « c1: one …');
    expect(output('\x1b[2J')).toBe(' « c1: ␛[2J');
    expect(output('x'.repeat(100_000))).toHaveLength(80);
    expect(output('\n')).toBeUndefined();
  });
  it('says a step by its sentence, else by its summary', () => {
    const step = {
      at: storyStart,
      kind: 'step-began',
      step: 2,
      verb: 'close',
      summary: { en: 'end the input of c1', fr: 'fermer l’entrée de c1' },
    } as const;
    const french = { ...plainStyle, language: 'fr' as const };
    expect(runProgress(step, plainStyle)).toBe(' ▸ step 2: end the input of c1');
    expect(runProgress(step, french)).toBe(' ▸ étape 2 : fermer l’entrée de c1');
    expect(stepPrompt({ ...step, steps: 9 }, french)).toContain('Entrée : étape 2 sur 9, fermer l’entrée de c1');
    expect(runProgress({ ...step, say: { en: 'It leaves.', fr: 'Il part.' } }, { ...plainStyle, language: 'fr' })).toBe(
      ' ▸ Il part.',
    );
  });
  it('speaks of dropped packets, and only of them', () => {
    const stopped = {
      at: storyStart,
      kind: 'recording-stopped',
      host: 'server',
      interface: 'eth0',
      captured: 7,
    } as const;
    expect(runProgress({ ...stopped, dropped: 0 }, plainStyle)).toBeUndefined();
    expect(runProgress({ ...stopped, dropped: 3 }, plainStyle)).toBe(' ✗ server/eth0: 3 of 10 packets dropped');
  });
  it('says what becomes of the wire and of kernel settings', () => {
    const at = storyStart;
    const summary = { en: 'client1’s cable is cut', fr: 'le câble de client1 est coupé' };
    expect(runProgress({ at, kind: 'rule-added', rule: 'cut', summary, loaded: '' }, plainStyle)).toBe(
      ' · On the wire: client1’s cable is cut.',
    );
    expect(runProgress({ at, kind: 'rule-removed', rule: 'cut', hit: 3, passed: 3 }, plainStyle)).toBe(
      ' · On the wire: the rule “cut” ends, counter 3.',
    );
    const sysctls = { 'net.ipv4.tcp_retries2': '2' };
    expect(runProgress({ at, kind: 'host-tuned', host: 'client1', sysctls }, plainStyle)).toBe(
      ' · client1 was made anew for this run, with net.ipv4.tcp_retries2 = 2.',
    );
  });
  it('says what the doctor does', () => {
    expect(setupProgress({ kind: 'phase-began', phase: 'install docker.io' }, plainStyle)).toBe(' · install docker.io');
    expect(
      setupProgress({ kind: 'phase-ended', phase: 'install docker.io', seconds: 12.34, failed: false }, plainStyle),
    ).toBe(' ✓ install docker.io (12.3 s)');
  });
});
