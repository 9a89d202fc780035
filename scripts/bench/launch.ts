import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Desktop } from '../../test/doubles/desktop.ts';
import type { TrayItem } from '../../test/doubles/tray-host.ts';
import { makeVitalsRoot } from '../../test/doubles/vitals-root.ts';
import { pause } from './report.ts';

/** An app under measurement: ours, or the empty peer. */
export interface Launched {
  readonly pid: number;
  readonly home: string;
  readonly tray: TrayItem;
  readonly iconMs: number;
  /** Lines that the app announced, as they come. */
  readonly lines: string[];
  close(): Promise<void>;
}

const electron = (): string =>
  join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? 'node_modules/electron/dist', 'electron');

/** @param sensors `played`: files that stand still; `host`: this machine's own, at their real pace */
export async function launch(
  which: 'tandem' | 'peer',
  desktop: Desktop,
  sensors: 'played' | 'host' = 'played',
): Promise<Launched> {
  const home = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
  const vitals = makeVitalsRoot();
  const folder = which === 'tandem' ? process.cwd() : join(process.cwd(), 'scripts/bench/peer');
  const args = [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    `--user-data-dir=${join(home, 'electron')}`,
    folder,
  ];
  const env = {
    ...process.env,
    HOME: home,
    TANDEM_HOME: home,
    TANDEM_ANNOUNCE: '1',
    ...(sensors === 'host' ? {} : { VITALS_ROOT: vitals.path }),
  };
  const item = desktop.tray.nextItem();
  const startedMs = performance.now();
  const child = spawn(electron(), args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const lines = collect(child);
  const tray = await item;
  return {
    pid: child.pid ?? 0,
    home,
    tray,
    iconMs: performance.now() - startedMs,
    lines,
    async close() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      await pause(500);
      vitals.remove();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function collect(child: ChildProcess): string[] {
  const lines: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) =>
    lines.push(
      ...chunk
        .toString()
        .split('\n')
        .filter((line) => line !== ''),
    ),
  );
  return lines;
}
