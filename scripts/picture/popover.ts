// The real app with its real engine and a cluster of the built-in kind; only the sensors are played.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectToEngine } from '../../src-engine/platform/engine-client.ts';
import { homeAt } from '../../src-engine/platform/home.ts';
import { makeVitalsRoot } from '../../test/doubles/vitals-root.ts';
import { launchApp } from '../../test/e2e/harness.ts';

const [target = 'popover.png'] = process.argv.slice(2);
const LARGEST_BYTES = 200 * 1024;
/** Long enough for the sparklines to have something to draw. */
const SECONDS = 150;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const home = mkdtempSync(join(tmpdir(), 'tandem-picture-'));
const sensors = makeVitalsRoot();
sensors.battery(71, { watts: 7, onAC: false });
sensors.heat(1);
const running = await launchApp({ home, vitalsRoot: sensors.path });
const client = await connected();
const created = await client.call('cluster.create', { provider: 'embedded', nodes: 3 });
if (!created.ok) throw new Error(created.error.code);
for (let second = 0; second < SECONDS; second += 1) {
  sensors.memoryAvailable(48 + 4 * Math.sin(second / 9) - second / 25);
  sensors.battery(71 - second / 20);
  await pause(1000);
}
const page = await running.open();
await pause(1500);
await page.screenshot({ path: target });
client.close();
await running.app.evaluate(({ dialog }) => {
  dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
});
await running.close();
sensors.remove();
rmSync(home, { recursive: true, force: true });
const { size } = statSync(target);
process.stdout.write(`${target}: ${size} bytes\n`);
process.exit(size > LARGEST_BYTES ? 1 : 0);

async function connected() {
  for (let waited = 0; waited < 20_000; waited += 100) {
    const found = await connectToEngine(homeAt(home));
    if (found.ok) return found.value;
    await pause(100);
  }
  throw new Error('the engine did not answer within 20 s');
}
