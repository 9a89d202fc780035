import { describe, expect, it } from 'vitest';
import { fakeHaproxy, type FakeServer } from '../../../test/doubles/fake-haproxy.ts';
import { haproxyClient } from './haproxy-client.ts';
import { SETTLED_MS, takeOut } from './take-out.ts';

/** Six requests on the edge: 4 GETs by `be`, 2 POSTs by `bp`; time is told by what is waited for. */
function scene() {
  const fake = fakeHaproxy();
  const edge = (backend: string): FakeServer => fake.servers.get(`${backend}/edge`)!;
  edge('be').scur = 4;
  edge('bp').scur = 2;
  const waits: number[] = [];
  const log: string[] = [];
  fake.before = (command) => {
    if (/^(set|shutdown)/.test(command)) log.push(command);
    return undefined;
  };
  const wait = async (delayMs: number): Promise<void> => {
    waits.push(delayMs);
    log.push(`wait ${delayMs}`);
  };
  return { fake, edge, waits, log, run: () => takeOut(haproxyClient(fake.ask), wait) };
}

describe('takeOut', () => {
  it('ends sessions only after connections that were being opened have failed', async () => {
    const { log, run, edge, fake } = scene();
    const told = fake.before;
    fake.before = (command) => {
      if (command.startsWith('shutdown')) edge(command.includes(' be/') ? 'be' : 'bp').scur = 0;
      return told(command);
    };
    await run();
    expect(log).toEqual([
      'set server be/edge state maint',
      'set server bp/edge state maint',
      `wait ${SETTLED_MS}`,
      'set server be/core weight 100',
      'set server bp/core weight 100',
      'set server be/edge weight 0',
      'set server bp/edge weight 0',
      'shutdown sessions server be/edge',
      'shutdown sessions server bp/edge',
    ]);
    expect(SETTLED_MS).toBe(350);
  });

  it('counts what moved by itself, what was sent again at the end, and what was cut', async () => {
    const { fake, edge, run } = scene();
    let shutdowns = 0;
    fake.before = (command) => {
      // While the connections fail, one GET and one POST move to the core.
      if (command.startsWith('set server be/core weight')) {
        Object.assign(edge('be'), { scur: 3, wredis: 1 });
        Object.assign(edge('bp'), { scur: 1, wredis: 1 });
      }
      // Of 3 GETs two had no answer yet: sent again. The third and the POST are cut.
      if (command.startsWith('shutdown')) {
        shutdowns += 1;
        Object.assign(edge('be'), { scur: 0, wredis: 3 });
        if (shutdowns === 2) edge('bp').scur = 0;
      }
      return undefined;
    };
    expect(await run()).toEqual({ ok: true, value: { resent: 4, cutCount: 2 } });
  });

  it('waits for what takes a moment to end, and does not count as cut what never does', async () => {
    const { waits, run } = scene();
    expect(await run()).toEqual({ ok: true, value: { resent: 0, cutCount: 0 } });
    expect(waits.length).toBeGreaterThan(2);
    expect(waits.slice(1).reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(500);
  });

  it.each(['state maint', 'shutdown', 'weight'])('says so when %s has no answer', async (part) => {
    const { fake, run } = scene();
    fake.before = (command) => (command.includes(part) && !command.startsWith('get') ? null : undefined);
    expect(await run()).toMatchObject({ ok: false, error: { code: 'frontDown' } });
  });

  it('still ends the sessions when a weight cannot be written', async () => {
    const { fake, run } = scene();
    fake.before = (command) => (command.includes(' weight ') ? 'No such server.\n\n' : undefined);
    expect(await run()).toMatchObject({ ok: false, error: { code: 'frontRefused' } });
    expect(fake.written).toContain('shutdown sessions server bp/edge');
  });
});
