import { expect, test } from 'vitest';
import { findApp, type AppFacts } from './find-app.ts';

const facts = (change: Partial<AppFacts>, files: readonly string[] = ['/t/out/main/index.js']): AppFacts => ({
  platform: 'linux',
  env: { DISPLAY: ':1' },
  uid: 1000,
  electron: false,
  execPath: '/usr/bin/node',
  root: '/t',
  exists: (path) => files.includes(path),
  ...change,
});
const built = ['/t/out/main/index.js', '/t/.electron/dist/electron', '/given/electron'];

test('without a display, a build or an Electron it says which', () => {
  expect(findApp(facts({ env: {} }, built))).toEqual({ why: 'noDisplay' });
  expect(findApp(facts({}, ['/t/.electron/dist/electron']))).toEqual({ why: 'noApp' });
  expect(findApp(facts({}))).toEqual({ why: 'noElectron' });
});

test('the Electron that was given comes before the one of the checkout', () => {
  const env = { WAYLAND_DISPLAY: 'wayland-0', ELECTRON_OVERRIDE_DIST_PATH: '/given' };
  expect(findApp(facts({ env }, built))).toEqual({ program: '/given/electron', args: ['/t'] });
  expect(findApp(facts({ uid: 0 }, built))).toEqual({
    program: '/t/.electron/dist/electron',
    args: ['--no-sandbox', '/t'],
  });
});

test('a Mac has a display; the package is its own Electron', () => {
  const program = '/t/node_modules/electron/dist/Electron.app/Contents/MacOS/Electron';
  const mac = { platform: 'darwin' as const, env: {} };
  expect(findApp(facts(mac, [program, '/t/out/main/index.js']))).toEqual({ program, args: ['/t'] });
  const inside = { ...mac, electron: true, execPath: '/Applications/Tandem.app/Contents/MacOS/Tandem' };
  expect(findApp(facts(inside, []))).toEqual({ program: inside.execPath, args: [] });
});
