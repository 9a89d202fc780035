import { expect, test } from 'vitest';
import { fakeTime } from '../test/doubles/fake-time.ts';
import type { EngineClient } from '../src-engine/platform/engine-client.ts';
import { fail, ok, type Result } from '../src-shared/errors/result.ts';
import { openEngineLink } from './engine-link.ts';

/** An engine that opens its door some time after it was started, and can be killed. */
function setUp({ doorAfterMs = 100, running = false } = {}) {
  const time = fakeTime();
  const states: string[] = [];
  const log: string[] = [];
  let engine: { end: () => void; opensAtMs: number } | null = running ? outside() : null;
  let client: { end: () => void } | null = null;
  let hung = false;
  function outside() {
    return { end: () => undefined, opensAtMs: 0 };
  }
  function connect(): Promise<Result<EngineClient>> {
    if (engine === null || time.clock.monotonicMs() < engine.opensAtMs)
      return Promise.resolve(fail('engineNotRunning'));
    const { promise, resolve } = promised();
    client = { end: resolve };
    const made: EngineClient = {
      call: (method) => {
        if (hung) return new Promise(() => undefined);
        if (method !== 'engine.info') log.push(method);
        if (method === 'engine.stop') engine?.end();
        return Promise.resolve(ok({} as never));
      },
      on: () => () => undefined,
      closed: promise,
      close: resolve,
    };
    return Promise.resolve(ok(made));
  }
  const link = openEngineLink({
    ...time,
    connect,
    spawn: () => {
      log.push('spawn');
      const { promise, resolve } = promised();
      const end = (): void => {
        engine = null;
        resolve();
      };
      engine = { end, opensAtMs: time.clock.monotonicMs() + doorAfterMs };
      return {
        pid: 1,
        ended: promise,
        kill: (signal) => {
          log.push(signal === 'SIGTERM' ? 'kill' : signal);
          if (signal === 'SIGTERM' && hung) return;
          hung = false;
          end();
        },
      };
    },
    onState: (state) => states.push(state),
    onConnected: () => log.push('connected'),
  });
  return {
    /** Lets promises settle first: what they set up is due from now on. */
    pass: async (ms: number) => {
      await time.advance(0);
      await time.advance(ms);
    },
    states,
    log,
    link,
    die: () => {
      engine?.end();
      client?.end();
    },
    /** Its door stays open, and nobody is behind it. */
    hang: () => void (hung = true),
    goOn: () => void (hung = false),
    startOutside: () => void (engine = outside()),
    loseDoor: () => client?.end(),
  };
}

function promised() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

const spawns = (log: readonly string[]) => log.filter((entry) => entry === 'spawn').length;

test('attaches to an engine that runs, and starts none', async () => {
  const { pass, log, link, states } = setUp({ running: true });
  await pass(1000);
  expect(log).toEqual(['connected']);
  expect(states).toEqual(['connected']);
  expect(link.ownsEngine()).toBe(false);
});

test('starts one when none runs, and waits for its door', async () => {
  const { pass, log, link } = setUp();
  await pass(1000);
  expect(log).toEqual(['spawn', 'connected']);
  expect(link.ownsEngine()).toBe(true);
});

test('comes back after a death: half a second, then longer', async () => {
  const { pass, log, die, states } = setUp();
  await pass(1000);
  die();
  await pass(450);
  expect(states.at(-1)).toBe('lost');
  expect(spawns(log)).toBe(1);
  await pass(300);
  expect(states.at(-1)).toBe('connected');
  die();
  await pass(900);
  expect(spawns(log)).toBe(2);
  await pass(300);
  expect(spawns(log)).toBe(3);
});

test('never two: while its own engine lives it starts no other', async () => {
  const { pass, log } = setUp({ doorAfterMs: 10_000 });
  await pass(9000);
  expect(spawns(log)).toBe(1);
  await pass(2000);
  expect(log).toEqual(['spawn', 'connected']);
});

test('an engine that never opens its door is ended and started anew', async () => {
  const { pass, log } = setUp({ doorAfterMs: 1e9 });
  await pass(17_000);
  expect(log).toEqual(['spawn', 'kill', 'spawn']);
});

test('a lost connection to a living engine is only connected again', async () => {
  const { pass, log, loseDoor } = setUp();
  await pass(1000);
  loseDoor();
  await pass(1000);
  expect(log).toEqual(['spawn', 'connected', 'connected']);
});

test('after a wake it is tried at once', async () => {
  const { pass, log, link, die, startOutside } = setUp();
  await pass(1000);
  die();
  await pass(10);
  startOutside();
  link.wake();
  await pass(10);
  expect(log.filter((entry) => entry === 'connected')).toHaveLength(2);
});

test('on the way out it asks its own engine to end, and lets a foreign one be', async () => {
  const own = setUp();
  await own.pass(1000);
  await own.link.stopOwnEngine(5000);
  expect(own.log).toContain('engine.stop');
  expect(own.link.ownsEngine()).toBe(false);
  const foreign = setUp({ running: true });
  await foreign.pass(1000);
  await foreign.link.stopOwnEngine(5000);
  expect(foreign.log).not.toContain('engine.stop');
});

test('an engine of its own that answers no more is noticed, ended by force, and started anew', async () => {
  const { pass, log, hang, states } = setUp();
  await pass(1000);
  hang();
  await pass(10_500);
  expect(states.at(-1)).toBe('lost');
  expect(log).toEqual(['spawn', 'connected', 'kill']);
  await pass(4000);
  expect(log).toEqual(['spawn', 'connected', 'kill', 'SIGKILL', 'spawn', 'connected']);
  expect(states.at(-1)).toBe('connected');
});

test('a foreign engine that hangs is left alone, and found again when it goes on', async () => {
  const { pass, log, hang, goOn, states } = setUp({ running: true });
  await pass(1000);
  hang();
  await pass(60_000);
  expect(log).toEqual(['connected']);
  expect(states.at(-1)).toBe('lost');
  goOn();
  await pass(40_000);
  expect(log).toEqual(['connected', 'connected']);
  expect(states.at(-1)).toBe('connected');
});

test('without an engine a call says so', async () => {
  const { link } = setUp();
  expect(await link.call('status.get', {})).toEqual(fail('engineLost'));
});
