import { expect, test } from 'vitest';
import { translator } from '../../src-shared/language/translate.ts';
import { say, type Sentence } from '../../src-shared/world/sentence.ts';
import type { World } from '../../src-shared/world/world.ts';
import { coreWorlds, edgeWorlds } from '../../test/doubles/handoff-worlds.ts';
import { WORLD_AT } from '../../test/doubles/worlds.ts';
import { awayView } from './away-view.ts';

const nowMs = Date.parse(WORLD_AT);
const spoken = (part: Sentence | null) => part && say(part, { t: translator('en'), now: new Date(WORLD_AT) });
const viewOf = (world: World, change: Partial<NonNullable<World['handoff']>> = {}) => {
  const view = awayView(world, { ...world.handoff!, ...change }, nowMs);
  return { summary: spoken(view.summary), reasons: view.reasons.map(spoken), waits: spoken(view.waits) };
};

test('what it cost, by its steps', () => {
  expect(viewOf(edgeWorlds.offline).summary).toBe('Left in 27 s · 3,214 requests moved · 0 cut');
  expect(viewOf(coreWorlds.lost).summary).toBe('Weight 0 after 1.6 s · 2 cut');
  expect(viewOf(edgeWorlds.offline, { steps: [] }).summary).toBeNull();
});

test('what the return waits for: reasons, time, a person, or nothing but the checks', () => {
  const { reasons, waits } = viewOf(edgeWorlds.offline);
  expect(reasons).toEqual(['Battery at 24 %']);
  expect(waits).toMatch(/^Returns by itself when this is over, not before \d\d:\d\d$/);
  expect(viewOf(edgeWorlds.offline, { coolDownUntil: null }).waits).toBe(
    'Returns by itself when this is over',
  );
  expect(viewOf(edgeWorlds.offline, { reasons: [] }).waits).toMatch(/^Returns by itself, not before/);
  expect(viewOf(edgeWorlds.offline, { reasons: [], coolDownUntil: null }).waits).toBe(
    'Returns as soon as the checks of Mac mini pass',
  );
  expect(viewOf(edgeWorlds.offlineByPerson)).toMatchObject({
    reasons: [],
    waits: 'Stays away until you bring it back',
  });
});
