import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { systemTools } from '../src-engine/platform/tools.ts';
import { CONTROL_LINES, afterAct, firstMoves, parseControl } from '../src-shared/demo.ts';
import { act } from './act.ts';
import { takeBroom, type Broom } from './broom.ts';
import { openDemoPair, settled, type DemoPair } from './demo-pair.ts';
import { appHere, openApp, type OpenApp } from './open-app.ts';
import type { DemoOptions } from './options.ts';
import { openPanelSocket, type PanelSocket } from './panel-socket.ts';
import { choosePlace } from './place.ts';
import { runLoad } from './run-load.ts';
import { followHandoff, readyDocument, type Tell } from './tell.ts';

/**
 * The built-in pair, from its first process to the last. Resolves when `stop` does: true when nothing of it is left.
 * Rejects when the pair did not come up; what was made of it is removed all the same.
 */
export async function runDemo(options: DemoOptions, tell: Tell, stop: Promise<void>): Promise<boolean> {
  const broom = takeBroom();
  const stopping = new AbortController();
  void stop.then(() => stopping.abort());
  const say = (step: string): void => {
    if (!options.json) tell({ event: 'step', step });
  };
  const removed = async (): Promise<boolean> => {
    const left = await broom.sweep();
    if (left.length > 0) tell({ event: 'left', what: left });
    return left.length === 0;
  };
  try {
    const place = await choosePlace(systemTools, process.platform, process.getuid?.(), broom.mind);
    const pair = await openDemoPair(options, place, broom, say, stopping.signal);
    try {
      await serve(pair, options, tell, stop, broom);
    } finally {
      for (const { client } of [pair.core, pair.edge]) client.close();
    }
  } catch (error) {
    // What failed because it was to end is no failure.
    if (!stopping.signal.aborted) {
      await removed();
      throw error;
    }
  }
  return removed();
}

async function serve(
  pair: DemoPair,
  options: DemoOptions,
  tell: Tell,
  stop: Promise<void>,
  broom: Broom,
): Promise<void> {
  const panel = await openPanelSocket((line) => move(line));
  broom.mind({ kind: 'folder', path: dirname(panel.path) });
  const move = mover(pair, panel, tell);
  panel.tell({ event: 'pair', front: pair.front, wire: pair.place.kind, timeScale: options.timeScale });
  // On standard output the first document is `ready`; what the load says before is not of the settled pair.
  let isReady = false;
  const hear: Tell = (said) => {
    panel.tell(said);
    if (isReady) tell(said);
  };
  const load = options.load > 0 ? runLoad(pair.front, options.load, hear) : null;
  const lines = options.control ? createInterface(process.stdin).on('line', move) : null;
  const app = showPanel(pair, options, panel, tell);
  await broom.mindProcess(app?.pid, true);
  const over = Promise.race([stop, ...(app === null ? [] : [wasQuit(app, tell)])]);
  try {
    const isOver = over.then(() => true);
    if (await Promise.race([becomesSettled(pair, app !== null), isOver])) return;
    tell(await readyDocument(pair, options, panel.path));
    isReady = true;
    followHandoff(pair, hear);
    await over;
  } finally {
    lines?.close();
    await app?.end();
    await load?.end();
    await panel.close();
  }
}

/** A person may move the edge before traffic has settled: with a panel that is no failure. */
async function becomesSettled(pair: DemoPair, hasPanel: boolean): Promise<false> {
  try {
    await settled(pair);
  } catch (error) {
    if (!hasPanel) throw error;
  }
  return false;
}

/** The app with its panel; null, and said why, where it stays a matter of this terminal. */
function showPanel(pair: DemoPair, options: DemoOptions, panel: PanelSocket, tell: Tell): OpenApp | null {
  if (options.headless) return null;
  const found = appHere();
  if ('why' in found) {
    tell({ event: 'window', open: false, why: found.why });
    return null;
  }
  tell({ event: 'window', open: true });
  return openApp(found, pair, panel.path);
}

/** Resolves when a person quit the app. One that failed leaves the pair to this terminal. */
async function wasQuit(app: OpenApp, tell: Tell): Promise<void> {
  if (await app.ended) return;
  tell({ event: 'window', open: false, why: 'appFailed' });
  await new Promise(() => undefined);
}

/** Takes lines of control, from wherever they come; what came of each is said. */
function mover(pair: DemoPair, panel: PanelSocket, tell: Tell): (line: string) => void {
  let moves = firstMoves;
  panel.tell({ event: 'edge', moves });
  return (line) => {
    if (line.trim() === '') return;
    const wanted = parseControl(line);
    if (wanted === null) return tell({ event: 'refused', line: line.slice(0, 80), known: CONTROL_LINES });
    void act(pair, wanted).then((how) => {
      if (how !== 'failed') moves = afterAct(moves, wanted);
      panel.tell({ event: 'edge', moves });
      tell({ event: 'control', line: line.trim(), how });
    });
  };
}
