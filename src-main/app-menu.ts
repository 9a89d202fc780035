import { app, Menu } from 'electron';
import type { Translate } from '../src-shared/language/translate.ts';

/** A menu-bar app has no menu to see, but without one that has the Edit roles Cmd-C and Cmd-V do nothing on macOS. */
export function setAppMenu(t: Translate): void {
  if (process.platform !== 'darwin') return Menu.setApplicationMenu(null);
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { label: app.name, submenu: [{ role: 'hide' }, { role: 'quit', label: t('menu.quit') }] },
      {
        label: t('menu.edit'),
        submenu: [
          { role: 'undo' },
          { role: 'redo' },
          { type: 'separator' },
          { role: 'cut' },
          { role: 'copy' },
          { role: 'paste' },
          { role: 'selectAll' },
        ],
      },
    ]),
  );
}
