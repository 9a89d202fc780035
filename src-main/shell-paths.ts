import { join } from 'node:path';

/** Where the built parts lie; the same below the repository and inside the package. */
export interface ShellPaths {
  readonly preload: string;
  readonly renderer: string;
  readonly icons: string;
  readonly engineEntry: string;
}

export function shellPaths(appFolder: string): ShellPaths {
  return {
    preload: join(appFolder, 'out/preload/popover.cjs'),
    renderer: join(appFolder, 'out/renderer'),
    icons: join(appFolder, 'resources/icons'),
    engineEntry: join(appFolder, 'out/engine/main.js'),
  };
}
