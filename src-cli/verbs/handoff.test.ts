import { expect, test } from 'vitest';
import { dryRun, handoff, step } from '../../test/doubles/handoff-parts.ts';
import { worlds } from '../../test/doubles/worlds.ts';
import type { EngineClient } from '../../src-engine/platform/engine-client.ts';
import type { Method } from '../../src-shared/commands/registry.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { translator } from '../../src-shared/language/translate.ts';
import type { Handoff } from '../../src-shared/world/handoff.ts';
import type { World } from '../../src-shared/world/world.ts';
import { handoffVerbs } from './handoff.ts';

interface SetUp {
  readonly verb?: 'handoff.leave' | 'handoff.return';
  readonly before?: Handoff;
  readonly accepted?: Result<Handoff>;
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly json?: boolean;
}

const [some] = Object.values<World>(worlds);

/** An engine whose hand-off the test shows. */
function setUp({ verb = 'handoff.leave', before = handoff(), accepted, flags = {}, json = true }: SetUp) {
  const calls: [Method, unknown][] = [];
  const written: string[] = [];
  let listener: (world: World) => void = () => undefined;
  let now = before;
  const world = (): World => ({ ...some!, handoff: now });
  let lose: () => void = () => undefined;
  const client = {
    call: async (method: Method, input: unknown) => {
      calls.push([method, input]);
      if (method === verb) return accepted ?? ok(before);
      if (method === 'handoff.dryRun') return ok(dryRun());
      return ok(world());
    },
    on: (_name: string, heard: (world: World) => void) => {
      listener = heard;
      return () => undefined;
    },
    closed: new Promise<void>((resolve) => (lose = resolve)),
    close: () => undefined,
  } as unknown as EngineClient;
  const terminal = {
    json,
    t: translator('en'),
    language: 'en' as const,
    print: (text: string) => written.push(text),
    document: (value: unknown) => written.push(JSON.stringify(value)),
    note: (text: string) => written.push(`# ${text}`),
    fail: ({ code }: { code: string }) => {
      written.push(`! ${code}`);
      return 1;
    },
  };
  const run = handoffVerbs[verb].run as (input: object, context: object) => Promise<number>;
  const exit = run({ now: false }, { client, terminal, flags });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    calls,
    written,
    exit,
    lose: () => lose(),
    async show(change: Partial<Handoff>) {
      await turn();
      now = handoff(change);
      listener(world());
      await turn();
    },
  };
}

const notes = (written: readonly string[]) => written.filter((line) => line.startsWith('#'));

test('leave: steps on standard error as they end, one document at the end, exit 0', async () => {
  const { written, exit, show } = setUp({});
  const done = step('SHIFTING', { outcome: 'done', startedAt: '2026-03-02T09:30:01.000Z' });
  await show({ state: 'SHIFTING', steps: [{ ...done, outcome: 'running', elapsedMs: null }] });
  expect(notes(written)).toEqual([]);
  await show({ state: 'DRAINING', steps: [done] });
  await show({ state: 'DRAINING', steps: [done] });
  expect(notes(written)).toHaveLength(1);
  await show({ state: 'OFFLINE', steps: [done], safeToCloseLid: true });
  expect(await exit).toBe(0);
  expect(JSON.parse(written.at(-1) ?? '')).toMatchObject({ state: 'OFFLINE', safeToCloseLid: true });
});

test('steps of an earlier departure are not told again', async () => {
  const old = step('DRAINING', { outcome: 'done', startedAt: '2026-03-02T08:00:00.000Z' });
  const { written, exit, show } = setUp({ before: handoff({ steps: [old] }) });
  await show({ state: 'OFFLINE', steps: [old] });
  expect(await exit).toBe(0);
  expect(notes(written)).toEqual([]);
});

test('refused, held and an engine that is gone: exit 1 with the words of the error', async () => {
  const refused = setUp({ accepted: fail('departureRuns') });
  expect(await refused.exit).toBe(1);
  expect(refused.written).toEqual(['! departureRuns']);
  const held = setUp({});
  await held.show({
    state: 'HOLD',
    since: '2026-03-02T10:00:00.000Z',
    hold: { code: 'weightConflict', params: {} },
  });
  expect(await held.exit).toBe(1);
  expect(held.written).toEqual(['! weightConflict']);
  const gone = setUp({});
  await gone.show({ state: 'PREPARING' });
  gone.lose();
  expect(await gone.exit).toBe(1);
  expect(gone.written).toEqual(['! engineLost']);
});

test('--no-wait ends with the answer', async () => {
  const { written, exit, calls } = setUp({ flags: { wait: false } });
  expect(await exit).toBe(0);
  expect(JSON.parse(written[0] ?? '')).toMatchObject({ state: 'SERVING' });
  expect(calls.map(([method]) => method)).toEqual(['status.subscribe', 'handoff.leave']);
});

test('--dry-run asks and changes nothing', async () => {
  const { calls, exit, written } = setUp({ flags: { 'dry-run': true } });
  expect(await exit).toBe(0);
  expect(calls.map(([method]) => method)).toEqual(['handoff.dryRun']);
  expect(JSON.parse(written[0] ?? '')).toHaveProperty('coreFit');
  const people = setUp({ flags: { 'dry-run': true }, json: false });
  expect(await people.exit).toBe(0);
  expect(people.written.length).toBeGreaterThan(4);
});

test('return waits until SERVING', async () => {
  const { exit, show, written } = setUp({ verb: 'handoff.return', before: handoff({ state: 'OFFLINE' }) });
  await show({ state: 'RETURNING' });
  expect(written).toEqual([]);
  await show({ state: 'SERVING' });
  expect(await exit).toBe(0);
});
