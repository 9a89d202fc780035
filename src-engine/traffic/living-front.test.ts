import { spawn } from 'node:child_process';
import { expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { homeAt, type Home } from '../platform/home.ts';
import { silentLog } from '../platform/log.ts';
import { fileOf } from './haproxy/haproxy-life.ts';
import { frontsAmong, lookForFront } from './living-front.ts';
import { launchOwn } from './process/own-program.ts';
import { commandsIn } from './process/own-commands.ts';
import { readProcessRecord, writeProcessRecord } from './process/process-record.ts';

vi.setConfig({ testTimeout: 30_000 });

/** A process that does nothing and was started with these words. */
function running(words: readonly string[]): number {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)', '--', ...words], {
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child.pid ?? 0;
}

const haproxyWords = (home: Home, ...more: string[]) => ['-db', '-f', fileOf({ home }), ...more];
const embeddedWords = (home: Home) => launchOwn('/x/front.js', home, 'front').args;
const line = (program: string, words: readonly string[]) => [program, ...words].join(' ');

test.each([
  ['haproxy', haproxyWords],
  ['embedded', embeddedWords],
] as const)(
  '%s: without its record it is found by its command line, and recorded again',
  async (kind, words) => {
    const home = homeAt(temporaryFolder('living front'));
    const ports = { home, log: silentLog };
    expect(await lookForFront(ports)).toBeNull();
    const pid = running(words(home));
    // Its words are there once it runs the program, and not only its parent's copy.
    await expect.poll(() => lookForFront(ports), { timeout: 20_000 }).toBe(kind);
    const record = await readProcessRecord(home, 'front');
    expect(record).toMatchObject({ kind, pid, before: [] });
    // The next engine needs no second search.
    const nobody = async () => Promise.reject(new Error('searched again'));
    expect(await lookForFront({ ...ports, commands: nobody })).toBe(kind);
  },
);

test('the record of a front that is dead does not hide one that lives', async () => {
  const home = homeAt(temporaryFolder('living-front'));
  await writeProcessRecord(home, 'front', {
    kind: 'embedded',
    pid: 1,
    startedAt: 'long ago',
    socket: '/nowhere',
    listen: '127.0.0.1:1',
    program: 'front.js',
    before: [],
  });
  const pid = running(haproxyWords(home));
  await expect.poll(() => lookForFront({ home, log: silentLog }), { timeout: 20_000 }).toBe('haproxy');
  expect(await readProcessRecord(home, 'front')).toMatchObject({ pid });
});

test('of several the one that took over is the front; what is of another home, a gate or a check is none', () => {
  const home = homeAt('/h/Application Support/one');
  const other = homeAt('/h/Application Support/one/more');
  const gate = launchOwn('/x/front.js', home, 'gate').args;
  const commands = [
    { pid: 7, line: line('haproxy', haproxyWords(home)) },
    { pid: 9, line: line('haproxy', haproxyWords(home, '-x', '/s', '-sf', '7')) },
    { pid: 10, line: line('haproxy', ['-c', '-f', `${fileOf({ home })}.next`]) },
    { pid: 11, line: line('haproxy', haproxyWords(other)) },
    { pid: 12, line: line('node', embeddedWords(other)) },
    { pid: 13, line: line('node', gate) },
    { pid: 14, line: `vi ${fileOf({ home })}` },
  ];
  expect(frontsAmong(commands, home).map(({ pid }) => pid)).toEqual([9, 7]);
  expect(frontsAmong(commands, other)).toEqual([
    { kind: 'embedded', pid: 12 },
    { kind: 'haproxy', pid: 11 },
  ]);
});

test('what ps prints', () => {
  const printed = '    1 /sbin/launchd\n 4711 haproxy -db -f /a b/c.cfg\n\nno process\n';
  expect(commandsIn(printed)).toEqual([
    { pid: 1, line: '/sbin/launchd' },
    { pid: 4711, line: 'haproxy -db -f /a b/c.cfg' },
  ]);
});
