import type { ShellAction, TrayMenuItem } from './tray-menu.ts';
import type { TrayFace } from './tray-face.ts';

/** The icon in the menu bar, as thin as it can be; a test stands in for it. */
export interface TrayPort {
  show(face: TrayFace): void;
  /** Kept by the panel, which opens it by itself (Linux). */
  setMenu(menu: readonly TrayMenuItem[], act: (action: ShellAction) => void): void;
  /** Opened now, at the icon (macOS, Windows). */
  popUpMenu(menu: readonly TrayMenuItem[], act: (action: ShellAction) => void): void;
  onClick(listener: () => void): void;
  onRightClick(listener: () => void): void;
}

export interface TrayDeps {
  readonly port: TrayPort;
  /** True where the panel must be given the menu beforehand. */
  readonly panelOwnsMenu: boolean;
  menu(): TrayMenuItem[];
  act(action: ShellAction): void;
  toggle(): void;
}

/**
 * Left click opens the popover, right click the menu. On macOS no menu is attached (it would open on a left click, and
 * updates would close it); where the panel owns the menu it is handed over only when it has changed.
 */
export function controlTray(deps: TrayDeps): { update(face: TrayFace): void } {
  let shownFace = '';
  let shownMenu = '';
  deps.port.onClick(() => deps.toggle());
  if (!deps.panelOwnsMenu) deps.port.onRightClick(() => deps.port.popUpMenu(deps.menu(), deps.act));
  return {
    update(face) {
      const nextFace = JSON.stringify(face);
      if (nextFace !== shownFace) deps.port.show(face);
      shownFace = nextFace;
      if (!deps.panelOwnsMenu) return;
      const menu = deps.menu();
      const nextMenu = JSON.stringify(menu);
      if (nextMenu !== shownMenu) deps.port.setMenu(menu, deps.act);
      shownMenu = nextMenu;
    },
  };
}
