import { expect, test } from 'vitest';
import { battery, vitals, world, worlds } from '../test/doubles/worlds.ts';
import { translator } from '../src-shared/language/translate.ts';
import type { World } from '../src-shared/world/world.ts';
import { iconFile, trayFace } from './tray-face.ts';

const facts = {
  engine: 'connected' as const,
  showPercent: true,
  t: translator('en'),
  now: new Date('2026-03-02T09:30:00Z'),
};
const faceOf = (of: World | null, change: Partial<Parameters<typeof trayFace>[0]> = {}) =>
  trayFace({ ...facts, world: of, ...change });

test('every state has a shape of its own', () => {
  const icons = Object.fromEntries(Object.entries(worlds).map(([name, one]) => [name, faceOf(one).icon]));
  expect(icons).toEqual({
    running: 'running',
    demo: 'running',
    idle: 'stopped',
    absent: 'stopped',
    starting: 'starting',
    refused: 'stopped',
    drain: 'drain',
    stale: 'running',
    dockerDown: 'unknown',
    looking: 'unknown',
    failed: 'warn',
    degraded: 'warn',
    long: 'running',
  });
  expect(faceOf(null).icon).toBe('starting');
  expect(faceOf(worlds.running, { engine: 'lost' }).icon).toBe('engineLost');
});

test('the tooltip is the whole state in words, and tells the demo apart', () => {
  expect(faceOf(worlds.running).tooltip).toBe(
    'All is well: tandem is running\nOn battery, 2 h 10 min to the drain line',
  );
  expect(faceOf(worlds.demo).tooltip).toContain('Built-in demo cluster');
});

test('the dot is there until what it tells of is over', () => {
  expect(faceOf(worlds.drain).dot).toBe(true);
  const solved = worlds.drain.notices.map((notice) => ({ ...notice, open: false }));
  expect(faceOf({ ...worlds.drain, notices: solved }).dot).toBe(false);
});

test('the percentage is shown only on battery, when it is known and fresh, and when wanted', () => {
  const withBattery = (change: Parameters<typeof battery>[0]) =>
    faceOf(world({ vitals: vitals({ battery: battery(change) }) })).title;
  expect(withBattery({ percent: 61.7 })).toBe('62%');
  expect(withBattery({ onAC: true })).toBe('');
  expect(withBattery({ onAC: null })).toBe('');
  expect(withBattery({ percent: null })).toBe('');
  expect(withBattery({ stale: true })).toBe('');
  expect(faceOf(worlds.running, { showPercent: false }).title).toBe('');
  expect(faceOf(worlds.running, { engine: 'lost' }).title).toBe('');
});

test('files: templates on macOS, light shapes elsewhere', () => {
  expect(iconFile({ icon: 'running', dot: false }, 'darwin')).toBe('runningTemplate.png');
  expect(iconFile({ icon: 'drain', dot: true }, 'darwin')).toBe('drain-dotTemplate.png');
  expect(iconFile({ icon: 'drain', dot: true }, 'linux')).toBe('drain-dot-light.png');
});
