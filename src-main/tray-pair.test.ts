import { expect, test } from 'vitest';
import { coreWorlds, edgeWorlds } from '../test/doubles/handoff-worlds.ts';
import { pairWorlds } from '../test/doubles/pair-worlds.ts';
import { translator } from '../src-shared/language/translate.ts';
import type { World } from '../src-shared/world/world.ts';
import { trayFace } from './tray-face.ts';

const t = translator('en');
const now = new Date('2026-03-02T09:30:00Z');

test('the tray shows the pair by its shape', () => {
  const icons = Object.fromEntries(
    Object.entries(pairWorlds).map(([name, world]) => [
      name,
      trayFace({ world, engine: 'connected', showPercent: false, t, now }).icon,
    ]),
  );
  expect(icons).toEqual({
    unpaired: 'running',
    up: 'well',
    weakLink: 'well',
    suspect: 'well',
    partition: 'partition',
    leftAsleep: 'edgeStopped',
    isolated: 'partition',
    offline: 'partition',
    apiDown: 'warn',
    neverSeen: 'edgeStopped',
    otherNetwork: 'edgeStopped',
  });
});

test('the tooltip says what broke and what to do', () => {
  const { tooltip } = trayFace({
    world: pairWorlds.partition,
    engine: 'connected',
    showPercent: false,
    t,
    now,
  });
  expect(tooltip).toMatch(/^MacBook cannot be reached\nSince .* · most likely asleep · nothing to do$/);
});

const iconOf = (world: World) => trayFace({ world, engine: 'connected', showPercent: false, t, now }).icon;
const iconsOf = (worlds: Record<string, World>) =>
  Object.fromEntries(Object.entries(worlds).map(([name, world]) => [name, iconOf(world)]));

test('a departure is an arrow, its end a tick, a return an arrow back', () => {
  expect(iconsOf(edgeWorlds)).toEqual({
    serving: 'well',
    servingIdle: 'well',
    warned: 'warn',
    countdown: 'warn',
    delayed: 'warn',
    preparing: 'moving',
    shifting: 'moving',
    draining: 'moving',
    forced: 'moving',
    released: 'safe',
    offline: 'safe',
    offlineByPerson: 'safe',
    returning: 'returning',
    hold: 'warn',
  });
});

test('the core shows the same of its edge, and never a tick: its own lid is no matter', () => {
  expect(iconsOf(coreWorlds)).toEqual({
    serving: 'well',
    warned: 'warn',
    countdown: 'warn',
    draining: 'moving',
    offline: 'edgeStopped',
    lost: 'partition',
    lostGate: 'partition',
    returning: 'returning',
    hold: 'warn',
    frontDown: 'warn',
  });
});

test('the tooltip of a departure says where the traffic goes, why, and by when', () => {
  const { tooltip } = trayFace({
    world: edgeWorlds.shifting,
    engine: 'connected',
    showPercent: false,
    t,
    now,
  });
  expect(tooltip).toMatch(/^Moving traffic to Mac mini\nBattery at 24 % · done by \d\d:\d\d$/);
});
