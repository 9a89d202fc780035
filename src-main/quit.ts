import { app, BrowserWindow, dialog } from 'electron';
import type { Scheduler } from '../src-engine/platform/clock.ts';
import type { Logger } from '../src-engine/platform/log.ts';
import type { TandemError } from '../src-shared/errors/result.ts';
import type { Translate } from '../src-shared/language/translate.ts';
import type { Cluster } from '../src-shared/world/clusters.ts';
import type { EngineLink } from './engine-link.ts';
import { quitAnswers, quitPlan, toStop, type QuitAnswer, type QuitReason } from './quit-plan.ts';
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
  translate(): Translate;
}

/** Takes over the way out: asks once what becomes of running clusters, ends the own engine, and never hangs. */
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

/** False when the person changed their mind. */
async function carryOut(deps: QuitDeps, reason: QuitReason): Promise<boolean> {
  const { store, link, log } = deps;
  const { world, settings } = store.getState();
  const facts = { reason, world, ownsEngine: link.ownsEngine() };
  let plan = quitPlan({ ...facts, whenClusterRuns: settings.quit.whenClusterRuns });
  if (plan.do === 'ask') {
    const answer = await ask(deps, plan.running);
    if (answer === 'cancel') return false;
    plan = { do: 'quit', stop: answer === 'stop' ? plan.running.map(toStop) : [] };
  }
  const { stop } = plan;
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

async function ask({ link, translate }: QuitDeps, running: readonly Cluster[]): Promise<QuitAnswer> {
  const t = translate();
  const demo = running.every(({ provider }) => provider === 'embedded');
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: t('quit.question', { name: running.map(({ name }) => name).join(', ') }),
    detail: `${t(demo ? 'quit.detail.demo' : 'quit.detail')}\n${t('quit.remembered')}`,
    buttons: quitAnswers.map((answer) => t(`quit.${answer}`)),
    cancelId: quitAnswers.indexOf('cancel'),
    defaultId: 0,
  });
  const answer = quitAnswers[response] ?? 'cancel';
  // Asked once: the settings say what happens from now on, and "ask" is there to be chosen again.
  if (answer !== 'cancel') await link.call('settings.set', { key: 'quit.whenClusterRuns', value: answer });
  return answer;
}
