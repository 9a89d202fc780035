import { createInterface } from 'node:readline';
import { systemTools } from '../src-engine/platform/tools.ts';
import { act } from './act.ts';
import { CONTROL_LINES, parseControl } from './control.ts';
import { openDemoPair, settled, type DemoPair } from './demo-pair.ts';
import type { DemoOptions } from './options.ts';
import { choosePlace } from './place.ts';
import { runLoad } from './run-load.ts';
import { followHandoff, readyDocument, type Tell } from './tell.ts';

/** The built-in pair, from its first process to the last. Resolves when `stop` does, and nothing is left. */
export async function runDemo(options: DemoOptions, tell: Tell, stop: Promise<void>): Promise<void> {
  const place = await choosePlace(systemTools, process.platform, process.getuid?.());
  let stopped = false;
  void stop.then(() => (stopped = true));
  const pair = await openDemoPair(options, place, (step) => !options.json && tell({ event: 'step', step }));
  try {
    if (stopped) return;
    await serve(pair, options, tell, stop);
  } finally {
    await pair.close();
  }
}

async function serve(pair: DemoPair, options: DemoOptions, tell: Tell, stop: Promise<void>): Promise<void> {
  // The first document is `ready`; what the load says before is not of the settled pair.
  let isReady = false;
  const load = options.load > 0 ? runLoad(pair.front, options.load, (said) => isReady && tell(said)) : null;
  const lines = options.control ? hearControl(pair, tell) : null;
  try {
    await Promise.race([settled(pair), stop]);
    tell(await readyDocument(pair, options));
    isReady = true;
    followHandoff(pair, tell);
    await stop;
  } finally {
    lines?.close();
    await load?.end();
  }
}

function hearControl(pair: DemoPair, tell: Tell) {
  const lines = createInterface(process.stdin);
  lines.on('line', (line) => {
    if (line.trim() === '') return;
    const wanted = parseControl(line);
    if (wanted === null) return tell({ event: 'refused', line: line.slice(0, 80), known: CONTROL_LINES });
    void act(pair, wanted).then((how) => tell({ event: 'control', line: line.trim(), how }));
  });
  return lines;
}
