import type { ControlAct } from '../src-shared/demo.ts';
import type { DemoPair } from './demo-pair.ts';
import { pidsOf } from './pids.ts';

/** Does what a line of `--control` asks for; what came of it, in a word. */
export async function act(pair: DemoPair, wanted: ControlAct): Promise<string> {
  const { sensors } = pair.edge;
  switch (wanted.act) {
    case 'battery':
      pair.battery.percent = wanted.percent;
      sensors.battery(wanted.percent, { onAC: pair.battery.onAC });
      return 'done';
    case 'ac':
      pair.battery.onAC = wanted.on;
      sensors.battery(pair.battery.percent, { onAC: wanted.on });
      return 'done';
    case 'heat':
      sensors.heat(wanted.level);
      return 'done';
    case 'memory':
      sensors.memoryAvailable(wanted.percent);
      return 'done';
    case 'lid':
      sensors.lid(wanted.closed);
      return 'done';
    case 'link':
      return cut(pair, wanted.cut);
    case 'kill':
      for (const pid of Object.values(await pidsOf(pair.edge))) kill(pid, 'SIGKILL');
      return 'done';
  }
}

/** Loopback has no wire: there the edge's processes are frozen, which is another fault, and is called so. */
async function cut(pair: DemoPair, isCut: boolean): Promise<string> {
  if (pair.place.kind === 'namespaces') return (await pair.place.cut(isCut)) ? 'done' : 'failed';
  for (const pid of Object.values(await pidsOf(pair.edge))) kill(pid, isCut ? 'SIGSTOP' : 'SIGCONT');
  return isCut ? 'frozen' : 'thawed';
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}
