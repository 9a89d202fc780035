import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { refOf } from './processes.ts';
import { systemTools, toolPath, type ToolOptions } from './tools.ts';

let folder: string;
beforeEach(() => void (folder = temporaryFolder('tools')));
afterEach(() => vi.unstubAllEnvs());

/** Runs a few lines of sh in the test's own folder. */
const sh = (text: string, options: Partial<ToolOptions> = {}) =>
  systemTools.run('sh', ['-c', text], { timeoutMs: 4000, cwd: folder, ...options });
const pidIn = (file: string) => Number(readFileSync(join(folder, file), 'utf8'));
/** A child that is gone, or waits for a parent that does not ask for it, has no reference. */
const gone = (pid: number) =>
  expect.poll(() => refOf(pid), { timeout: 2000, interval: 20, message: `${pid} is gone` }).toBeNull();
const forever = 'while :; do sleep 0.05; done';

/** A signal that is given as soon as the child says "ready", and what the child is to be told for that. */
function cancelWhenReady() {
  const cancel = new AbortController();
  const onStdoutLine = (line: string): void => {
    if (line === 'ready') cancel.abort();
  };
  return { signal: cancel.signal, onStdoutLine };
}

describe('a tool that runs to its end', () => {
  test('its exit code and both outputs, each to the last byte; no exit code is a failure', async () => {
    expect(await sh('printf "out\\n"; printf "err\\n" >&2; exit 3')).toEqual({
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      failure: null,
    });
    expect(await sh('exit 0')).toEqual({ exitCode: 0, stdout: '', stderr: '', failure: null });
  });

  test('arguments are never read by a shell', async () => {
    const { stdout } = await systemTools.run('printf', ['%s|', '$HOME; exit 1', '*'], { timeoutMs: 4000 });
    expect(stdout).toBe('$HOME; exit 1|*|');
  });

  test('input reaches it; without any its standard input is empty', async () => {
    expect((await sh('cat', { input: '한국어\nlast' })).stdout).toBe('한국어\nlast');
    expect(await sh('cat')).toMatchObject({ stdout: '', failure: null });
  });

  test('it speaks English without colours, whatever its user does; what a caller adds is there', async () => {
    vi.stubEnv('LC_ALL', 'ko_KR.UTF-8');
    const { stdout } = await sh('echo "$LC_ALL $NO_COLOR $MINE"', { env: { MINE: 'mine' } });
    expect(stdout).toBe('C 1 mine\n');
  });

  test('lines come whole where chunks split them, also inside a letter, and the last needs no end', async () => {
    const out: string[] = [];
    const err: string[] = [];
    const halves = (
      end: string,
    ) => `printf 'one\\ntw'${end}; sleep 0.05; printf 'o\\r\\n\\355'${end}; sleep 0.05;
      printf '\\225\\234\\nlast'${end};`;
    const { stdout } = await sh(`${halves('')} ${halves(' >&2')}`, {
      onStdoutLine: (line) => out.push(line),
      onStderrLine: (line) => err.push(line),
    });
    expect(out).toEqual(['one', 'two', '한', 'last']);
    expect(err).toEqual(out);
    expect(stdout).toBe('one\ntwo\r\n한\nlast');
  });

  test('of a long standard error the end is kept', async () => {
    const { stderr } = await sh('head -c 100000 /dev/zero | tr "\\0" x >&2; printf end >&2');
    expect(stderr).toHaveLength(64 * 1024);
    expect(stderr.endsWith('xend')).toBe(true);
  });
});

describe('a tool that does not', () => {
  test('missing: it is not there, or may not be executed; nothing is told of a child', async () => {
    const plain = join(folder, 'plain');
    writeFileSync(plain, '#!/bin/sh\n', { mode: 0o644 });
    const onSpawn = vi.fn();
    for (const tool of ['tandem-no-such-tool', join(folder, 'none'), plain])
      expect(await systemTools.run(tool, [], { timeoutMs: 4000, onSpawn })).toMatchObject({
        exitCode: null,
        failure: 'missing',
      });
    expect(onSpawn).not.toHaveBeenCalled();
  });

  test("killed: by a signal that is not ours; the pid that was told is the child's", async () => {
    const onSpawn = vi.fn();
    const { failure, exitCode, stdout } = await sh('echo $$; kill -KILL $$', { onSpawn });
    expect({ failure, exitCode }).toEqual({ failure: 'killed', exitCode: null });
    expect(onSpawn.mock.calls).toEqual([[Number(stdout)]]);
  });

  test('timedOut: its whole group ends, a child of the child too', async () => {
    // With outputs of its own, so that a grandchild that is forgotten does not hold up the answer as well.
    const text = 'sleep 30 >/dev/null 2>&1 & echo $! > grandchild; echo begun; wait';
    const { failure, stdout } = await sh(text, { timeoutMs: 300 });
    const grandchild = pidIn('grandchild');
    onTestFinished(async () => void ((await refOf(grandchild)) && process.kill(grandchild, 'SIGKILL')));
    expect({ failure, stdout }).toEqual({ failure: 'timedOut', stdout: 'begun\n' });
    await gone(grandchild);
  });

  test('graceMs 0: one that ignores SIGTERM is killed at its limit', async () => {
    const startedMs = performance.now();
    const { failure } = await sh(`trap '' TERM; echo $$ > pid; ${forever}`, { timeoutMs: 300, graceMs: 0 });
    expect(failure).toBe('timedOut');
    expect(performance.now() - startedMs).toBeGreaterThan(290);
    expect(performance.now() - startedMs).toBeLessThan(1300);
    await gone(pidIn('pid'));
  });

  test('graceMs: one that ignores SIGTERM is killed after it, and not before', async () => {
    const startedMs = performance.now();
    const text = `trap '' TERM; echo ready; ${forever}`;
    expect((await sh(text, { graceMs: 300, ...cancelWhenReady() })).failure).toBe('cancelled');
    expect(performance.now() - startedMs).toBeGreaterThan(290);
    expect(performance.now() - startedMs).toBeLessThan(1300);
  });

  test('graceMs long: one that handles SIGTERM cleans up, and what it says then is heard', async () => {
    const text = `trap 'sleep 0.2; echo cleaned; exit 4' TERM; echo ready; ${forever}`;
    expect(await sh(text, { graceMs: 3000, ...cancelWhenReady() })).toMatchObject({
      exitCode: 4,
      stdout: 'ready\ncleaned\n',
      failure: 'cancelled',
    });
  });

  test('cancelled: in the middle, and also by a signal that was given before', async () => {
    const middle = cancelWhenReady();
    expect(await sh('echo ready; exec sleep 30', middle)).toMatchObject({
      stdout: 'ready\n',
      failure: 'cancelled',
    });
    const before = await sh('exec sleep 30', { signal: AbortSignal.abort() });
    expect(before).toMatchObject({ exitCode: null, failure: 'cancelled' });
  });

  test('a cancel that comes after its end changes nothing', async () => {
    const cancel = new AbortController();
    const result = await sh('exit 0', { signal: cancel.signal });
    cancel.abort();
    expect(result.failure).toBeNull();
  });
});

describe('a tool that stays', () => {
  test('its chunks come while it runs, whole letters each, and stop() ends it', async () => {
    const chunks: string[] = [];
    const text = `printf 'a\\355'; sleep 0.05; printf '\\225\\234'; ${forever}`;
    const tool = systemTools.resident('sh', ['-c', text], (chunk) => chunks.push(chunk));
    const ended = vi.fn();
    void tool.ended.then(ended);
    // On a busy machine both may come as one; half a letter never does.
    await expect.poll(() => chunks.join(''), { interval: 10, timeout: 5000 }).toBe('a한');
    expect(ended).not.toHaveBeenCalled();
    expect(await refOf(tool.pid ?? 0)).not.toBeNull();
    tool.stop();
    await tool.ended;
    expect(await refOf(tool.pid ?? 0)).toBeNull();
  });

  test('its own end is told; one that is missing has no pid and has ended', async () => {
    const chunks: string[] = [];
    await systemTools.resident('sh', ['-c', 'echo one'], (chunk) => chunks.push(chunk)).ended;
    expect(chunks).toEqual(['one\n']);
    const missing = systemTools.resident(join(folder, 'none'), [], (chunk) => chunks.push(chunk));
    await missing.ended;
    expect(missing.pid).toBeNull();
  });
});

describe('where tools are', () => {
  test('the first folder of PATH in which it may be executed; null when nowhere', async () => {
    const other = temporaryFolder('tools');
    writeFileSync(join(folder, 'tandem-helper'), '', { mode: 0o644 });
    writeFileSync(join(other, 'tandem-helper'), '', { mode: 0o755 });
    vi.stubEnv('PATH', `${folder}:${other}`);
    expect(await systemTools.find('tandem-helper')).toBe(join(other, 'tandem-helper'));
    expect(await systemTools.find(join(other, 'tandem-helper'))).toBe(join(other, 'tandem-helper'));
    expect(await systemTools.find(join(folder, 'tandem-helper'))).toBeNull();
    expect(await systemTools.find('tandem-no-such-tool')).toBeNull();
  });

  test("PATH first, then where a Mac's tools are, each once; a relative folder is no place for tools", () => {
    vi.stubEnv('PATH', '/usr/bin:.:bin:/mine:');
    const folders = toolPath('/home/of-mine').split(':');
    expect(folders.slice(0, 3)).toEqual(['/usr/bin', '/mine', '/opt/homebrew/bin']);
    const own = ['.docker/bin', '.orbstack/bin', '.rd/bin'].map((folder) => `/home/of-mine/${folder}`);
    expect(folders).toEqual(expect.arrayContaining(['/opt/local/bin', ...own]));
    expect(folders.at(-1)).toBe('/Applications/OrbStack.app/Contents/MacOS/xbin');
    expect(new Set(folders).size).toBe(folders.length);
    expect(folders).not.toContain('.');
  });
});
