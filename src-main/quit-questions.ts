import { dialog } from 'electron';
import type { Translate } from '../src-shared/language/translate.ts';
import type { Cluster } from '../src-shared/world/clusters.ts';
import type { World } from '../src-shared/world/world.ts';
import type { EngineLink } from './engine-link.ts';
import { leaveAnswers, quitAnswers, type LeaveAnswer, type QuitAnswer } from './quit-plan.ts';

/** The questions of the way out, each in a dialog of the system. Escape is always "Cancel". */

/** What becomes of running clusters; the answer is remembered. */
export async function askClusters(
  link: EngineLink,
  t: Translate,
  { running, front }: { readonly running: readonly Cluster[]; readonly front: string | null },
): Promise<QuitAnswer> {
  const demo = running.every(({ provider }) => provider === 'embedded');
  const detail = [
    front === null ? t(demo ? 'quit.detail.demo' : 'quit.detail') : t('quit.front.needs', { listen: front }),
    ...(front === null ? [t('quit.remembered')] : []),
  ];
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: t('quit.question', { name: running.map(({ name }) => name).join(', ') }),
    detail: detail.join('\n'),
    buttons: quitAnswers.map((answer) => t(`quit.${answer}`)),
    cancelId: quitAnswers.indexOf('cancel'),
    defaultId: front === null ? 0 : quitAnswers.indexOf('keep'),
  });
  const answer = quitAnswers[response] ?? 'cancel';
  // Asked once: the settings say what happens from now on, and "ask" is there to be chosen again.
  if (answer !== 'cancel' && front === null)
    await link.call('settings.set', { key: 'quit.whenClusterRuns', value: answer });
  return answer;
}

/** On an edge that requests may still come to. */
export async function askLeave(world: World | null, ownsEngine: boolean, t: Translate): Promise<LeaveAnswer> {
  const name = world?.peer?.name ?? t('peer.other');
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: t('quit.edge.question'),
    detail: t(ownsEngine ? 'quit.edge.detail' : 'quit.edge.detail.service', { name }),
    buttons: leaveAnswers.map((answer) => t(`quit.edge.${answer}`)),
    cancelId: leaveAnswers.indexOf('cancel'),
    defaultId: 0,
  });
  return leaveAnswers[response] ?? 'cancel';
}

/** False when the person would rather not quit. */
export async function tellFront(listen: string, t: Translate): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'info',
    message: t('quit.front.title'),
    detail: t('quit.front.detail', { listen }),
    buttons: [t('quit.front.quit'), t('quit.cancel')],
    cancelId: 1,
    defaultId: 0,
  });
  return response === 0;
}
