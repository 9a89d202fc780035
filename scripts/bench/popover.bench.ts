// Click to painted, as the app itself measures it. Goals: 300 ms cold, 100 ms warm.
import { startDesktop } from '../../test/doubles/desktop.ts';
import { launch } from './launch.ts';
import { medianOf, pause, report } from './report.ts';

const turns = Number(process.argv[2] ?? 5);
const desktop = await startDesktop();
const cold: number[] = [];
const warm: number[] = [];
for (let turn = 0; turn < turns; turn += 1) {
  const app = await launch('tandem', desktop);
  await pause(3000);
  cold.push(await click(app));
  for (let again = 0; again < 3; again += 1) {
    await pause(700);
    await app.tray.activate(); // hides it
    await pause(700);
    warm.push(await click(app));
  }
  await app.close();
}
report('popover', 'click to painted, cold, median (goal 300)', medianOf(cold), 'ms');
report('popover', 'click to painted, warm, median (goal 100)', medianOf(warm), 'ms');
desktop.stop();
process.exit(0);

async function click(app: Awaited<ReturnType<typeof launch>>): Promise<number> {
  const before = app.lines.length;
  await app.tray.activate();
  for (let waited = 0; waited < 10_000; waited += 20) {
    const line = app.lines.slice(before).find((one) => one.includes('popoverShown'));
    if (line !== undefined) return (JSON.parse(line) as { ms: number }).ms;
    await pause(20);
  }
  throw new Error('the popover was not shown within 10 s');
}
