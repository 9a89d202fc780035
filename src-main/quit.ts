import { app, BrowserWindow } from 'electron';
import type { Scheduler } from '../src-engine/platform/clock.ts';
import type { Logger } from '../src-engine/platform/log.ts';
import type { TandemError } from '../src-shared/errors/result.ts';
import type { Translate } from '../src-shared/language/translate.ts';
import type { EngineLink } from './engine-link.ts';
import { leaveFirst } from './leave-first.ts';
import { clusterPlan, quitPlan, toStop, type QuitFacts, type QuitReason, type ToStop } from './quit-plan.ts';
import { askClusters, askLeave, tellFront } from './quit-questions.ts';
import type { ShellStore } from './shell-store.ts';
import { stopClusters } from './stop-clusters.ts';

/** Clusters get this long to stop; then the app goes, and they stay as they are. */
const STOP_LIMIT_MS = 30_000;
const ENGINE_LIMIT_MS = 5000;
/** Electron itself may hang on the way out. */
const EXIT_LIMIT_MS = 3000;

export interface QuitDeps {
  readonly store: ShellStore;
  readonly link: EngineLink;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  /** A demo opened this app: the pair ends with it, so that there is nothing to ask. */
  readonly unasked: boolean;
  translate(): Translate;
  /** A departure comes first: the popover shows its course, or why it was refused. */
  showDeparture(refused: TandemError | null): void;
}

/** Takes over the way out: asks once what becomes of requests and clusters, ends the own engine, and never hangs. */
export function controlQuit(deps: QuitDeps): { quit(reason: QuitReason): void } {
  let reason: QuitReason = 'person';
  let state: 'here' | 'leaving' | 'gone' = 'here';
  app.on('before-quit', (event) => {
    if (state === 'gone') return;
    event.preventDefault();
    if (state === 'here') void leave();
  });
  async function leave(): Promise<void> {
    state = 'leaving';
    const went = await carryOut(deps, reason).catch((error: unknown) => {
      deps.log.error({ error: String(error) }, 'quit went wrong, going on');
      return true;
    });
    state = went ? 'gone' : 'here';
    reason = 'person';
    if (!went) return;
    // Closing asks the page first, and a hidden page does not answer for seconds.
    for (const window of BrowserWindow.getAllWindows()) window.destroy();
    deps.scheduler.after(EXIT_LIMIT_MS, () => app.exit(0));
    app.quit();
  }
  const quit = (why: QuitReason): void => {
    if (state === 'here') reason = why;
    app.quit();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => quit('signal'));
  return { quit };
}

/** False when the person changed their mind, or a departure that was to come first did not end. */
async function carryOut(deps: QuitDeps, reason: QuitReason): Promise<boolean> {
  const { link, log } = deps;
  const stop = await whatToStop(deps, reason);
  if (stop === null) return false;
  if (stop.length > 0) {
    log.info({ stop }, 'stopping clusters before the end');
    const refused = (name: string, error: TandemError): void =>
      log.warn({ name, error }, 'a cluster did not stop, going on');
    await stopClusters({ link, scheduler: deps.scheduler, refused }, stop, STOP_LIMIT_MS);
  }
  await link.stopOwnEngine(ENGINE_LIMIT_MS);
  link.close();
  return true;
}

/** Clusters to stop on the way out; null when the app stays. */
async function whatToStop(deps: QuitDeps, reason: QuitReason): Promise<readonly ToStop[] | null> {
  const t = deps.translate();
  let plan = quitPlan(factsOf(deps, reason));
  if (plan.do === 'offerLeave') {
    const answer = await askLeave(deps.store.getState().world, deps.link.ownsEngine(), t);
    if (answer === 'cancel') return null;
    if (answer === 'leave' && !(await leftFirst(deps))) return null;
    plan = clusterPlan(factsOf(deps, reason));
  }
  switch (plan.do) {
    case 'ask': {
      const answer = await askClusters(deps.link, t, plan);
      if (answer === 'cancel') return null;
      return answer === 'stop' ? plan.running.map(toStop) : [];
    }
    case 'tellFront':
      return (await tellFront(plan.listen, t)) ? [] : null;
    case 'quit':
      return plan.stop;
    case 'offerLeave':
      return [];
  }
}

function factsOf({ store, link, unasked }: QuitDeps, wish: QuitReason): QuitFacts {
  const { world, settings } = store.getState();
  const reason = unasked && wish === 'person' ? 'signal' : wish;
  return { reason, world, ownsEngine: link.ownsEngine(), whenClusterRuns: settings.quit.whenClusterRuns };
}

/** Leaves, shown in the popover meanwhile; what went wrong stands there too. */
async function leftFirst(deps: QuitDeps): Promise<boolean> {
  deps.showDeparture(null);
  const left = await leaveFirst(deps);
  if (!left.ok) deps.showDeparture(left.error);
  return left.ok && left.value;
}
