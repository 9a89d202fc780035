import { expect, test } from 'vitest';
import { coreWorlds, edgeWorlds } from '../test/doubles/handoff-worlds.ts';
import { worlds } from '../test/doubles/worlds.ts';
import { nobody } from '../src-shared/commands/registry.ts';
import { ok } from '../src-shared/errors/result.ts';
import type { World } from '../src-shared/world/world.ts';
import { edgeServes, leaveFirst } from './wire-leave-first.ts';

const inState = (all: Readonly<Record<string, World>>, state: string): World => {
  const found = Object.values(all).find(({ handoff }) => handoff?.state === state);
  if (found === undefined) throw new Error(`no world in ${state}`);
  return found;
};

/** The verbs in a world; what got through to the rooms is listed. */
function verbs(world: World) {
  const passed: string[] = [];
  const refuse = leaveFirst(
    { get: () => world },
    {
      'peer.unpair': async () => {
        passed.push('unpair');
        return ok({ link: world.link, peer: null });
      },
      'settings.set': async ({ key, value }) => {
        passed.push(`${key} ${String(value)}`);
        return ok({ key, value, needsRestart: false });
      },
    },
  );
  return { passed, unpair: refuse['peer.unpair'], set: refuse['settings.set'] };
}
const leaveFirstError = { ok: false, error: { code: 'leaveFirst' } };

test.each([
  ['edge', inState(edgeWorlds, 'SERVING'), 'single'],
  ['core', inState(coreWorlds, 'SERVING'), 'edge'],
] as const)(
  'on the %s, while the edge serves: leave first, unless it is forced',
  async (_role, world, other) => {
    const { passed, unpair, set } = verbs(world);
    expect(await unpair({ yes: true }, nobody)).toMatchObject(leaveFirstError);
    expect(await set({ key: 'role', value: other }, nobody)).toMatchObject(leaveFirstError);
    expect(passed).toEqual([]);
    await unpair({ yes: true, force: true }, nobody);
    await set({ key: 'role', value: other, force: true }, nobody);
    expect(passed).toEqual(['unpair', `role ${other}`]);
  },
);

test('what changes nothing of it passes: no yes yet, the same role, another setting', async () => {
  const world = inState(edgeWorlds, 'SERVING');
  const { passed, unpair, set } = verbs(world);
  await unpair({ yes: false }, nobody);
  await set({ key: 'role', value: 'edge' }, nobody);
  await set({ key: 'traffic.front', value: 'embedded' }, nobody);
  expect(passed).toHaveLength(3);
});

test('an edge that left, one that was never heard of, and a single Mac may be unpaired', async () => {
  const [single] = Object.values<World>(worlds);
  const gone = inState(edgeWorlds, 'OFFLINE');
  for (const world of [single!, gone, inState(coreWorlds, 'OFFLINE')]) {
    const { passed, unpair } = verbs(world);
    await unpair({ yes: true }, nobody);
    expect(passed).toEqual(['unpair']);
  }
});

test('where nobody can tell, an open gate is one that may serve', () => {
  const world = inState(edgeWorlds, 'SERVING');
  const { traffic, handoff } = world;
  if (traffic?.gate == null || handoff === null) throw new Error('no gate');
  const unknown = { ...world, handoff: { ...handoff, safeToCloseLid: null } };
  const withGate = (change: Partial<typeof traffic.gate>) =>
    edgeServes({ ...unknown, traffic: { ...traffic, gate: { ...traffic.gate!, ...change } } });
  expect(withGate({ ready: true })).toBe(true);
  expect(withGate({ ready: false, inFlight: 2 })).toBe(true);
  expect(withGate({ ready: false, notReady: 'stayOut', inFlight: 0 })).toBe(false);
  expect(edgeServes({ ...unknown, traffic: null })).toBe(false);
});
