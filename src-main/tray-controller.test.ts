import { expect, test } from 'vitest';
import { controlTray, type TrayPort } from './tray-controller.ts';
import type { TrayFace } from './tray-face.ts';
import type { ShellAction, TrayMenuItem } from './tray-menu.ts';

const face = (tooltip: string): TrayFace => ({ icon: 'running', dot: false, title: '', tooltip });
const quit: TrayMenuItem = { id: 'quit', label: 'Quit', enabled: true, action: { do: 'quit' } };

function setUp(panelOwnsMenu: boolean) {
  const seen: string[] = [];
  const clicks: (() => void)[] = [];
  const rightClicks: (() => void)[] = [];
  let menu = [quit];
  const choose = (items: readonly TrayMenuItem[], act: (action: ShellAction) => void) =>
    items.forEach((item) => item.action && act(item.action));
  const port: TrayPort = {
    show: (shown) => seen.push(`show ${shown.tooltip}`),
    setMenu: (items) => seen.push(`set ${items.length}`),
    popUpMenu: (items, act) => {
      seen.push(`pop ${items.length}`);
      choose(items, act);
    },
    onClick: (listener) => void clicks.push(listener),
    onRightClick: (listener) => void rightClicks.push(listener),
  };
  const tray = controlTray({
    port,
    panelOwnsMenu,
    menu: () => menu,
    act: (action) => seen.push(`act ${action.do}`),
    toggle: () => seen.push('toggle'),
  });
  return { seen, clicks, rightClicks, tray, setMenu: (next: TrayMenuItem[]) => void (menu = next) };
}

test('macOS: left click toggles, right click pops the menu of that moment, no menu is ever attached', () => {
  const { seen, clicks, rightClicks, tray } = setUp(false);
  tray.update(face('a'));
  clicks.forEach((click) => click());
  rightClicks.forEach((click) => click());
  expect(seen).toEqual(['show a', 'toggle', 'pop 1', 'act quit']);
});

test('where the panel owns the menu it is handed over only when it changed', () => {
  const { seen, tray, setMenu } = setUp(true);
  tray.update(face('a'));
  tray.update(face('a'));
  tray.update(face('b'));
  setMenu([quit, { ...quit, id: 'other' }]);
  tray.update(face('b'));
  expect(seen).toEqual(['show a', 'set 1', 'show b', 'set 2']);
});
