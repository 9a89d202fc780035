import { join } from 'node:path';

/** What is known of this machine and of this build. */
export interface AppFacts {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly uid: number | undefined;
  /** Inside the package this program runs on Electron itself. */
  readonly electron: boolean;
  readonly execPath: string;
  /** The checkout: what holds `out/` and `node_modules/`. */
  readonly root: string;
  exists(path: string): boolean;
}

export interface AppCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** Words are `demo.say.WHY` in language/. */
export type NoApp = { readonly why: 'noDisplay' | 'noApp' | 'noElectron' };

/** How the app is opened here, or why it cannot be. */
export function findApp(facts: AppFacts): AppCommand | NoApp {
  const { platform, env, uid, electron, execPath, root, exists } = facts;
  const hasDisplay = platform === 'darwin' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
  if (!hasDisplay) return { why: 'noDisplay' };
  // Chromium has no sandbox for root on Linux.
  const switches = platform === 'linux' && uid === 0 ? ['--no-sandbox'] : [];
  if (electron) return { program: execPath, args: switches };
  if (!exists(join(root, 'out/main/index.js'))) return { why: 'noApp' };
  const name = platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
  const given = env['ELECTRON_OVERRIDE_DIST_PATH'];
  const places = [
    ...(given ? [given] : []),
    join(root, 'node_modules/electron/dist'),
    join(root, '.electron/dist'),
  ];
  const program = places.map((place) => join(place, name)).find((path) => exists(path));
  return program === undefined ? { why: 'noElectron' } : { program, args: [...switches, root] };
}
