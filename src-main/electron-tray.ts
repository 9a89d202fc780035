import { Menu, nativeImage, screen, Tray, type NativeImage } from 'electron';
import { join } from 'node:path';
import type { Scheduler } from '../src-engine/platform/clock.ts';
import { iconFile, type TrayFace } from './tray-face.ts';
import type { Rect } from './popover-position.ts';
import type { TrayPort } from './tray-controller.ts';
import type { ShellAction, TrayMenuItem } from './tray-menu.ts';
import { iconIsHidden } from './tray-visibility.ts';

/** Fixed for ever: macOS remembers the icon's place under it (`autosaveName`). */
const TRAY_GUID = '6f2f6ad0-6f0d-4c5b-9f0e-0d2f4b7c1a53';
/** Bounds are wrong for half a second after creation (electron#35984); looked at twice, never in a loop. */
const HIDDEN_CHECKS_MS = [5000, 15_000] as const;

export interface ElectronTray extends TrayPort {
  /** Where the icon is now; null where the panel does not tell. */
  bounds(): Rect | null;
}

export function createElectronTray(iconFolder: string, first: TrayFace): ElectronTray {
  const tray = new Tray(imageOf(iconFolder, first), ...(process.platform === 'darwin' ? [TRAY_GUID] : []));
  // Else a quick second click is lost.
  if (process.platform === 'darwin') tray.setIgnoreDoubleClickEvents(true);
  return {
    show: (face) => {
      tray.setImage(imageOf(iconFolder, face));
      tray.setToolTip(face.tooltip);
      if (process.platform === 'darwin') tray.setTitle(face.title, { fontType: 'monospacedDigit' });
    },
    setMenu: (menu, act) => tray.setContextMenu(menuFrom(menu, act)),
    popUpMenu: (menu, act) => tray.popUpContextMenu(menuFrom(menu, act)),
    onClick: (listener) => void tray.on('click', listener),
    onRightClick: (listener) => void tray.on('right-click', listener),
    bounds: () => (process.platform === 'linux' ? null : tray.getBounds()),
  };
}

function imageOf(folder: string, face: TrayFace): NativeImage {
  return nativeImage.createFromPath(join(folder, iconFile(face, process.platform)));
}

function menuFrom(items: readonly TrayMenuItem[], act: (action: ShellAction) => void): Menu {
  return Menu.buildFromTemplate(
    items.map(({ id, label, enabled, action }) =>
      label === null
        ? { id, type: 'separator' as const }
        : { id, label, enabled, click: () => action && act(action) },
    ),
  );
}

/** Calls back once when the icon cannot be seen, 15 s after the start. */
export function watchHiddenIcon(tray: ElectronTray, scheduler: Scheduler, onHidden: () => void): void {
  if (process.platform !== 'darwin') return;
  const hidden = (): boolean => {
    const bounds = tray.bounds();
    return (
      bounds !== null &&
      iconIsHidden(
        bounds,
        screen.getAllDisplays().map((display) => display.bounds),
      )
    );
  };
  const [early, late] = HIDDEN_CHECKS_MS;
  scheduler.after(early, () => {
    if (hidden()) scheduler.after(late - early, () => void (hidden() && onHidden()));
  });
}
