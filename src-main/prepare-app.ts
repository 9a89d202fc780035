import { app } from 'electron';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../src-engine/platform/home.ts';
import { registerAppScheme } from './app-protocol.ts';
import { lockDown } from './security.ts';

/**
 * What must be done before Electron is ready.
 *
 * @returns false when another instance has this home: it was told, and this one has to end
 */
export function prepareApp(home: Home): boolean {
  // Below the home, so that two homes are two apps and Chromium's files stay out of ours.
  const userData = join(home.root, 'shell');
  mkdirSync(userData, { recursive: true, mode: 0o700 });
  app.setPath('userData', userData);
  registerAppScheme();
  lockDown();
  if (process.platform === 'darwin') {
    app.setActivationPolicy('accessory');
    app.dock?.hide();
  }
  // A tray app outlives its windows.
  app.on('window-all-closed', () => undefined);
  return app.requestSingleInstanceLock();
}
