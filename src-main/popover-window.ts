import { BrowserWindow, nativeTheme } from 'electron';
import { APP_ORIGIN } from './asset-path.ts';
import type { Rect } from './popover-position.ts';

export const POPOVER_WIDTH = 360;
const DARK = '#232326';
const LIGHT = '#f6f6f7';

/** The popover's window: no frame, no place in the taskbar, above everything, and sandboxed. */
export function createPopoverWindow(preload: string, bounds: Rect): BrowserWindow {
  const translucent = process.platform === 'darwin' && !nativeTheme.prefersReducedTransparency;
  const window = new BrowserWindow({
    ...bounds,
    show: false,
    frame: false,
    resizable: false,
    movable: false,
    minimizable: false,
    maximizable: false,
    fullscreenable: false,
    skipTaskbar: true,
    alwaysOnTop: true,
    title: 'Tandem',
    backgroundColor: translucent ? '#00000000' : nativeTheme.shouldUseDarkColors ? DARK : LIGHT,
    ...(process.platform === 'darwin' ? { type: 'panel', hiddenInMissionControl: true } : {}),
    ...(translucent ? { vibrancy: 'popover' as const, visualEffectState: 'active' as const } : {}),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      safeDialogs: true,
    },
  });
  // Over full-screen apps and on every desktop, like the menu bar itself.
  window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true, skipTransformProcessType: true });
  window.setMenu(null);
  void window.loadURL(`${APP_ORIGIN}/popover.html`);
  return window;
}
