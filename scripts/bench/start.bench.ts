// Launch to icon, ours beside an empty tray app, in turn. Goal: at most 1.2 times the peer's.
import { startDesktop } from '../../test/doubles/desktop.ts';
import { launch } from './launch.ts';
import { medianOf, report } from './report.ts';

const runs = Number(process.argv[2] ?? 7);
const desktop = await startDesktop();
const times = { tandem: [] as number[], peer: [] as number[] };
for (let turn = 0; turn < runs + 1; turn += 1)
  for (const which of ['tandem', 'peer'] as const) {
    const app = await launch(which, desktop);
    // The first turn warms the disk's cache.
    if (turn > 0) times[which].push(app.iconMs);
    await app.close();
  }
const ours = medianOf(times.tandem);
const peer = medianOf(times.peer);
report('start', 'launch to icon, median', ours, 'ms', peer);
report('start', 'ratio to the empty tray app (goal 1.2)', ours / peer, 'x');
desktop.stop();
process.exit(0);
