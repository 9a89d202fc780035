import { expect, test } from 'vitest';
import { pairWorlds } from '../test/doubles/pair-worlds.ts';
import { translator } from '../src-shared/language/translate.ts';
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
