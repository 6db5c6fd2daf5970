import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixturesFolder, unpackRun } from '../fixtures/packed-run.ts';
import { packageRoot } from '../labctl/root.ts';
import { folderWith, labctl } from './labctl.ts';

const run = join(packageRoot, 'labctl/analysis/fixtures/lossy');
const show = (...flags: string[]) => labctl(['show', run, ...flags]);

describe('labctl show in other forms', () => {
  it('tells everything at one instant, as text and as JSON', async () => {
    const { code, stdout } = await show('--at', '1.6');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^At 1\.600 000 s/);
    expect(stdout).toMatch(/client1 .* ESTABLISHED {2}18 /);
    expect(stdout).toMatch(/#12 {2}client1 → server .*lost 31\.43 ms ago/);
    const json = JSON.parse((await show('--at', '1,6', '--json')).stdout);
    expect(json).toMatchObject({ version: 1, at: 1_600_000 });
    expect(json.flights).toMatchObject([{ passage: 12, lost: true }]);
  });
  it('refuses what is no instant', async () => {
    const { code, stderr } = await show('--at', 'noon');
    expect(code).toBe(2);
    expect(stderr).toContain('Seconds on the ladder are expected, e.g. 1.25.');
  });
  it('draws pictures and diagrams', async () => {
    const { stdout: picture } = await show('--svg', '--conversation', '1');
    expect(picture).toMatch(/^<\?xml[\s\S]*<svg[\s\S]*--paper[\s\S]*class="lost"[\s\S]*<\/svg>\n$/);
    expect((await show('--mermaid')).stdout).toMatch(/^sequenceDiagram\n {2}participant h0 as client1/);
    expect((await show('--svg', '--mermaid')).code).toBe(2);
  });
  it('writes the page where it is told to, or prints it', async () => {
    await using folder = await folderWith({});
    const file = join(folder.path, 'page.html');
    const { code, stdout } = await show('--html', file, '--lang', 'fr');
    expect([code, stdout]).toEqual([0, `${file}\n`]);
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>\n<html lang="fr">/);
    expect((await show('--html', '-')).stdout).toMatch(/<\/html>\n$/);
    const nowhere = await show('--html', join(folder.path, 'no/such/page.html'));
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain('the page cannot be written');
  });
  it('draws captures from elsewhere, and tells a damaged one as far as it goes', async () => {
    await using folder = await folderWith({});
    const whole = readFileSync(join(run, 'client1.pcapng'));
    const file = join(folder.path, 'trace.pcapng');
    writeFileSync(file, whole.subarray(0, whole.length - 3));
    const { code, stdout, stderr } = await labctl(['show', file, '--html', '-']);
    expect(code).toBe(0);
    expect(stdout).toContain('<h1>trace.pcapng</h1>');
    expect(stdout).toContain('#12 again, after 206.4 ms');
    expect(stdout).not.toContain('id="verdicts"');
    expect(stderr).toContain('trace.pcapng');
    expect((await labctl(['show', file, '--mermaid'])).stdout).toMatch(/h\d->>h\d: \d\.\d{3} \d{3} #35;\d+ .*S seq 0/);
    expect((await labctl(['show', join(packageRoot, 'README.md'), '--svg'])).code).toBe(2);
  });
  it('writes report.html into the run folder without a file', async () => {
    const { stdout } = await show('--html');
    expect(stdout).toBe(`${join(run, 'report.html')}\n`);
    rmSync(join(run, 'report.html'));
  });
  it('is plain text whatever the terminal, and JSON with its schema', async () => {
    // From beside the run: commands to type name it, and are never broken, however long its path is.
    const { stdout } = await labctl(['show', './lossy', '--text'], {
      cwd: dirname(run),
      env: { FORCE_COLOR: '1', NO_COLOR: '', COLUMNS: '200' },
    });
    expect(stdout).not.toContain('\u001b');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const { stdout: schema } = await labctl(['show', '--schema']);
    expect(schema).toBe(readFileSync(join(packageRoot, 'labctl/model/report.schema.json'), 'utf8'));
  });
});

describe('the verdicts for other programs', () => {
  const countCases =
    'import sys, xml.etree.ElementTree as e; r = e.parse(sys.stdin).getroot(); ' +
    'print(*map(r.get, ("tests", "failures", "errors")), *(len(r.findall(f"testsuite/testcase{x}")) for x in ("", "/failure")))';
  const readBy = (program: string, args: readonly string[], input: string) =>
    spawnSync(program, args, { input, encoding: 'utf8' });
  let judged = '';
  beforeAll(async () => {
    judged = await unpackRun(join(fixturesFolder, 'zombies/unmet.tgz'));
  });
  afterAll(() => rmSync(judged, { recursive: true }));
  const showJudged = (...flags: string[]) => labctl(['show', judged, ...flags]);

  it('are XML to an XML parser', async () => {
    const { code, stdout: xml } = await showJudged('--junit', '-');
    const [, tests, failures] = /tests="(\d+)" failures="(\d+)" errors="0"/.exec(xml) ?? [];
    expect(Number(failures)).toBeGreaterThan(0);
    expect(readBy('python3', ['-c', countCases], xml).stdout).toBe(`${tests} ${failures} 0 ${tests} ${failures}\n`);
    expect(code).toBe(1);
  });

  it('are TAP to prove(1), in files beside the text', async () => {
    await using folder = await folderWith({});
    const [junit, tap] = [join(folder.path, 'r.xml'), join(folder.path, 'r.tap')];
    const { stdout } = await showJudged('--junit', junit, '--tap', tap, '--text');
    expect(stdout).toContain('✗');
    expect(readFileSync(junit, 'utf8')).toMatch(/^<\?xml/);
    const failures = /failures="(\d+)"/.exec(readFileSync(junit, 'utf8'))?.[1];
    const read = readBy('prove', [tap], '');
    expect([read.status, read.stdout]).toEqual([1, expect.stringContaining(`Failed: ${failures})`)]);
    expect((await showJudged('--tap', '-')).code).toBe(1);
    expect((await showJudged('--junit', '-', '--tap', '-')).code).toBe(2);
    expect((await showJudged('--tap', join(folder.path, 'no/such'))).code).toBe(2);
  });
});
