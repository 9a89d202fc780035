import { Notification } from 'electron';
import { systemScheduler } from '../src-engine/platform/clock.ts';
import type { Translate } from '../src-shared/language/translate.ts';
import { createElectronTray, watchHiddenIcon, type ElectronTray } from './electron-tray.ts';
import type { ShellStore } from './shell-store.ts';
import { controlTray } from './tray-controller.ts';
import { trayFace, type TrayFace } from './tray-face.ts';
import { trayMenu, type ShellAction } from './tray-menu.ts';

export interface TrayNeeds {
  readonly icons: string;
  readonly store: ShellStore;
  translate(): Translate;
  warn(message: string): void;
  act(action: ShellAction): void;
  toggle(): void;
}

/** The icon follows the store. */
export function wireTray(needs: TrayNeeds): ElectronTray {
  const { store, translate } = needs;
  const face = (): TrayFace => {
    const { world, engine, settings } = store.getState();
    return trayFace({
      world,
      engine,
      showPercent: settings.tray.showPercent,
      t: translate(),
      now: new Date(),
    });
  };
  const port = createElectronTray(needs.icons, face());
  const tray = controlTray({
    port,
    // A StatusNotifier panel opens the menu itself; macOS would open it on a left click too.
    panelOwnsMenu: process.platform === 'linux',
    menu: () => {
      const { world, engine } = store.getState();
      return trayMenu(world, engine, translate(), new Date());
    },
    act: needs.act,
    toggle: needs.toggle,
  });
  tray.update(face());
  store.subscribe(() => tray.update(face()));
  watchHiddenIcon(port, systemScheduler, () => tellHidden(needs));
  return port;
}

/** Nobody would find the app: said once, in a notification whose click opens the popover. */
let hiddenNotice: Notification | null = null;

function tellHidden({ warn, translate, toggle }: TrayNeeds): void {
  warn('the tray icon cannot be seen');
  const t = translate();
  hiddenNotice = new Notification({ title: t('notice.hiddenIcon.title'), body: t('notice.hiddenIcon.body') });
  hiddenNotice.on('click', toggle);
  hiddenNotice.show();
}
