import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { toolPath } from '../src-engine/platform/tools.ts';

/**
 * Absolute path of a `node` on this machine; null when there is none. Not by the engine's Tools: they bring execa,
 * an eighth of this program's code, which is read before the icon is there.
 */
export async function findNode(): Promise<string | null> {
  for (const folder of toolPath().split(delimiter)) {
    const candidate = join(folder, 'node');
    const runs = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return candidate;
  }
  return null;
}
