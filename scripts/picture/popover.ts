// The real app at the core of the built-in pair, with real engines, clusters, front and load; only sensors are played.
// usage: popover.js PICTURE_OF_THE_PAIR PICTURE_OF_A_DEPARTURE
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { makeSensors } from '../../src-demo/sensors.ts';
import { connectToEngine } from '../../src-engine/platform/engine-client.ts';
import { homeAt } from '../../src-engine/platform/home.ts';
import type { World } from '../../src-shared/world/world.ts';
import { checkout, launchApp } from '../../test/e2e/harness.ts';

const [pairPicture = 'popover.png', leavingPicture = 'leaving.png'] = process.argv.slice(2);
const LARGEST_BYTES = 200 * 1024;
/** Long enough for the sparklines to have something to draw. */
const SECONDS = 150;
const DRAINING_MS = 60_000;
/** What is drawn follows the World within a second. */
const DRAWN_MS = 1500;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const demo = spawn(
  process.execPath,
  [join(checkout, 'out/cli/demo.js'), '--headless', '--json', '--control', '--load=120'],
  { stdio: ['pipe', 'pipe', 'inherit'] },
);
const [first] = (await once(createInterface(demo.stdout), 'line')) as [string];
const { core } = JSON.parse(first) as { core: { home: string; vitalsRoot: string } };
const sensors = makeSensors(core.vitalsRoot);
const running = await launchApp({ home: core.home, vitalsRoot: core.vitalsRoot });
demo.stdin.write('battery 58\nac off\nmemory 36\n');
for (let second = 0; second < SECONDS; second += 1) {
  sensors.memoryAvailable(48 + 4 * Math.sin(second / 9) - second / 25);
  if (second % 10 === 0) demo.stdin.write(`battery ${(58 - second / 50).toFixed(1)}\n`);
  await pause(1000);
}
const page = await running.open();
await pause(DRAWN_MS);
await page.screenshot({ path: pairPicture });

const connected = await connectToEngine(homeAt(core.home));
if (!connected.ok) throw new Error(connected.error.code);
const client = connected.value;
const draining = reached(({ handoff }) => handoff?.state === 'DRAINING');
await client.call('status.subscribe', { live: true });
await client.call('handoff.leave', { now: true, reason: 'for the train' });
await draining;
await pause(DRAWN_MS);
await page.screenshot({ path: leavingPicture });
client.close();

await running.app.evaluate(({ dialog }) => {
  dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
});
await running.close();
demo.kill('SIGTERM');
await once(demo, 'exit');
const sizes = [pairPicture, leavingPicture].map((path) => [path, statSync(path).size] as const);
process.stdout.write(sizes.map(([path, bytes]) => `${path}: ${bytes} bytes\n`).join(''));
process.exit(sizes.some(([, bytes]) => bytes > LARGEST_BYTES) ? 1 : 0);

/** Resolves with the first World that fits. */
function reached(fits: (world: World) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no such state')), DRAINING_MS);
    client.on('status.changed', (world) => {
      if (!fits(world)) return;
      clearTimeout(late);
      resolve();
    });
  });
}
