import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { shortFolder } from '../../src-engine/platform/home.ts';

/**
 * A folder of this test's own, removed after its `afterEach` hooks. Call it in a test or a `beforeEach`.
 * What a home at this folder keeps elsewhere, the short folder of its sockets, goes with it.
 */
export function temporaryFolder(what: string): string {
  const folder = mkdtempSync(join(tmpdir(), `tandem-${what}-`));
  onTestFinished(() => removeHome(folder));
  return folder;
}

/** Removes a home and its short folder. A watcher or a log may be writing its last line: tried again then. */
export function removeHome(root: string): void {
  for (const folder of [root, shortFolder(root)])
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}
