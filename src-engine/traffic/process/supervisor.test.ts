import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { systemClock, systemScheduler } from '../../platform/clock.ts';
import { homeAt, type Home } from '../../platform/home.ts';
import { silentLog } from '../../platform/log.ts';
import { isAlive, refOf, type ProcessRef } from '../../platform/processes.ts';
import { explainOwn } from './exit-report.ts';
import { askToStop, controlSocketOf, pidOfState } from './own-program.ts';
import type { DetachedSpec, ProcessPorts, ProcessState, Supervised } from './process-ports.ts';
import { readProcessRecord, recordFileOf, removeProcessRecord } from './process-record.ts';
import { supervise } from './supervisor.ts';

// Each starts several processes.
vi.setConfig({ testTimeout: 60_000 });

/** Says its pid at its socket; cannot begin while HOME/blocked is there, and then says why; deaf to SIGTERM when told so. */
const PROGRAM = `
  const fs = require('node:fs'), http = require('node:http');
  const [socket, home, deaf] = process.argv.slice(1);
  if (fs.existsSync(home + '/blocked')) {
    fs.writeFileSync(home + '/run/gate-exit.json', JSON.stringify({ code: 'gatePortTaken', params: { port: 5 } }));
    process.exit(1);
  }
  if (deaf === 'deaf') process.on('SIGTERM', () => {});
  console.log('begun');
  const server = http.createServer((request, response) => {
    response.setHeader('connection', 'close').end(JSON.stringify({ pid: process.pid }));
  });
  fs.rmSync(socket, { force: true });
  server.listen(socket);
`;

let home: Home;
let ports: ProcessPorts;
let prepared: (ProcessRef | null)[];
const pids = new Set<number>();

beforeEach(() => {
  home = homeAt(temporaryFolder('supervisor'));
  ports = { home, clock: systemClock, scheduler: systemScheduler, log: silentLog };
  prepared = [];
});
afterEach(() => {
  for (const pid of pids) kill(pid, 'SIGKILL');
  pids.clear();
});

function kill(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}

function made(deaf = '', also: Partial<DetachedSpec> = {}): Supervised & { states: ProcessState[] } {
  const states: ProcessState[] = [];
  const supervised = supervise(
    {
      name: 'gate',
      kind: 'gate',
      socket: controlSocketOf(home, 'gate'),
      listen: () => '127.0.0.1:1',
      async prepare(replaces) {
        prepared.push(replaces);
        return {
          program: process.execPath,
          args: ['-e', PROGRAM, controlSocketOf(home, 'gate'), home.root, deaf],
        };
      },
      answers: pidOfState,
      explain: (end) => explainOwn(home, 'gate', 'gateDown', end),
      ...also,
    },
    ports,
  );
  supervised.onState((state) => {
    states.push(state);
    const pid = supervised.pid();
    if (pid !== null) pids.add(pid);
  });
  return { ...supervised, states };
}

async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 10));
}

const blocked = (): string => join(home.root, 'blocked');

test('what is started is recorded, writes into its log, and is adopted by the next engine as it is', async () => {
  const first = made();
  expect(await first.begin()).toEqual({ ok: true, value: 'started' });
  const pid = first.pid() ?? 0;
  const ref = (await refOf(pid)) as ProcessRef;
  expect(await readProcessRecord(home, 'gate')).toEqual({
    ...ref,
    kind: 'gate',
    socket: controlSocketOf(home, 'gate'),
    listen: '127.0.0.1:1',
    program: process.execPath,
    before: [],
  });
  expect(statSync(recordFileOf(home, 'gate')).mode & 0o777).toBe(0o600);
  expect(statSync(join(home.logs, 'gate.log')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(home.logs, 'gate.log'), 'utf8')).toBe('begun\n');
  await first.dispose('keep');
  const second = made();
  expect(await second.begin()).toEqual({ ok: true, value: 'adopted' });
  expect(second.pid()).toBe(pid);
  expect(prepared).toHaveLength(1);
  await second.dispose('stop');
  expect(existsSync(recordFileOf(home, 'gate'))).toBe(false);
  expect(await isAlive(ref)).toBe(false);
});

test('a death is answered by another start with what is to be prepared then, of an adopted one too', async () => {
  const first = made();
  await first.begin();
  const pid = first.pid() ?? 0;
  kill(pid, 'SIGKILL');
  await until(() => first.states.length === 3);
  expect(first.states.map(({ up }) => up)).toEqual([true, false, true]);
  expect(first.states[1]?.problem).toEqual({ code: 'gateDown', params: { detail: 'SIGKILL: begun' } });
  await first.dispose('keep');
  const second = made();
  await second.begin();
  const adopted = second.pid() ?? 0;
  expect(adopted).not.toBe(pid);
  kill(adopted, 'SIGKILL');
  await until(() => second.states.length === 3);
  expect(second.pid()).not.toBe(adopted);
  expect(prepared).toEqual([null, null, null]);
  await second.dispose('stop');
});

test('what cannot begin says why itself, and begins when it can', async () => {
  writeFileSync(blocked(), '');
  const gate = made();
  const problem = { code: 'gatePortTaken', params: { port: 5 } };
  expect(await gate.begin()).toEqual({ ok: false, error: problem });
  await until(() => prepared.length >= 3);
  expect(gate.states).toEqual([{ up: false, problem }]);
  rmSync(blocked());
  await until(() => gate.pid() !== null);
  expect(gate.states.at(-1)).toEqual({ up: true, problem: null });
  await gate.dispose('stop');
});

test('a program that is not there is a problem with a name', async () => {
  const gate = made('', { prepare: async () => ({ program: '/nowhere/haproxy', args: [] }) });
  expect(await gate.begin()).toMatchObject({
    ok: false,
    error: { code: 'gateDown', params: { detail: expect.stringContaining('ENOENT') } },
  });
  await gate.dispose('stop');
});

test('an engine that died before it could write the record: who answers on the socket is adopted', async () => {
  const first = made();
  await first.begin();
  const pid = first.pid();
  await first.dispose('keep');
  await removeProcessRecord(home, 'gate');
  const second = made();
  expect(await second.begin()).toEqual({ ok: true, value: 'adopted' });
  expect(second.pid()).toBe(pid);
  expect(await readProcessRecord(home, 'gate')).toMatchObject({ pid });
  await second.dispose('stop');
});

test('one that hangs, or is of another kind, is ended and another one started', async () => {
  const first = made();
  await first.begin();
  const hung = (await refOf(first.pid() ?? 0)) as ProcessRef;
  await first.dispose('keep');
  kill(hung.pid, 'SIGSTOP');
  const second = made('', { answers: (socket) => Promise.race([pidOfState(socket), after(200)]) });
  expect(await second.begin()).toEqual({ ok: true, value: 'started' });
  const kept = (await refOf(second.pid() ?? 0)) as ProcessRef;
  expect(await isAlive(hung)).toBe(false);
  await second.dispose('keep');
  const third = made('', { kind: 'embedded' });
  expect(await third.begin()).toEqual({ ok: true, value: 'started' });
  expect(await isAlive(kept)).toBe(false);
  await third.dispose('stop');
});

const after = (ms: number): Promise<null> => new Promise((resolve) => setTimeout(() => resolve(null), ms));

test('one that takes over is told from whom; both end when it is stopped', async () => {
  const gate = made();
  await gate.begin();
  const old = (await refOf(gate.pid() ?? 0)) as ProcessRef;
  pids.add(old.pid);
  expect(await gate.replace()).toEqual({ ok: true, value: undefined });
  expect(prepared).toEqual([null, old]);
  expect(gate.pid()).not.toBe(old.pid);
  expect(await readProcessRecord(home, 'gate')).toMatchObject({ pid: gate.pid(), before: [old] });
  const oldest = (await refOf(gate.pid() ?? 0)) as ProcessRef;
  await gate.replace();
  kill(old.pid, 'SIGKILL');
  await until(async () => !(await isAlive(old)));
  await after(50);
  // Its end is nobody's news.
  expect(gate.states).toEqual([{ up: true, problem: null }]);
  await gate.dispose('stop');
  expect(await isAlive(oldest)).toBe(false);
});

test('a takeover that fails leaves the old one where it is', async () => {
  const gate = made();
  await gate.begin();
  const pid = gate.pid();
  writeFileSync(blocked(), '');
  expect(await gate.replace()).toMatchObject({ ok: false, error: { code: 'gatePortTaken' } });
  expect(gate.pid()).toBe(pid);
  expect(await readProcessRecord(home, 'gate')).toMatchObject({ pid });
  await gate.dispose('stop');
});

test('who does not want to end is killed after a second, asked or not', async () => {
  const gate = made('deaf', { askToEnd: askToStop });
  await gate.begin();
  const ref = (await refOf(gate.pid() ?? 0)) as ProcessRef;
  await gate.dispose('stop');
  expect(await isAlive(ref)).toBe(false);
  expect(gate.states).toEqual([{ up: true, problem: null }]);
});

test('a record of a dead process, whose pid another one has now, is nobody to adopt or to end', async () => {
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const pid = stranger.pid ?? 0;
  pids.add(pid);
  const first = made();
  await first.begin();
  const record = await readProcessRecord(home, 'gate');
  await first.dispose('stop');
  writeFileSync(recordFileOf(home, 'gate'), JSON.stringify({ ...record, pid }));
  const second = made();
  expect(await second.begin()).toEqual({ ok: true, value: 'started' });
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  await second.dispose('stop');
});
