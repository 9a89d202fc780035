import { Notification } from 'electron';
import type { Clock, Disposable, Scheduler } from '../src-engine/platform/clock.ts';
import type { Logger } from '../src-engine/platform/log.ts';
import type { Translate } from '../src-shared/language/translate.ts';
import { noticeSentence } from '../src-shared/world/notice-sentence.ts';
import type { Notice } from '../src-shared/world/notices.ts';
import { say } from '../src-shared/world/sentence.ts';
import { decideNotices, nothingShown } from './notice-policy.ts';
import type { ShellStore } from './shell-store.ts';

export interface PresenterDeps {
  readonly store: ShellStore;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  translate(): Translate;
  /** A person clicked on one. */
  onClick(): void;
}

/** Shows what the policy decides. References are kept: a collected Notification loses its events. */
export function presentNotices(deps: PresenterDeps): void {
  const { store, clock, scheduler, log } = deps;
  const sinceIso = clock.wall().toISOString();
  const onScreen = new Map<Notice['category'], Notification>();
  let memory = nothingShown;
  let again: Disposable | null = null;
  const look = (): void => {
    const { world, settings, popoverVisible } = store.getState();
    again?.dispose();
    again = null;
    const decision = decideNotices(memory, {
      notices: world?.notices ?? [],
      enabled: settings.notices.enabled,
      popoverVisible,
      nowMs: clock.monotonicMs(),
      sinceIso,
    });
    memory = decision.memory;
    for (const category of decision.close) onScreen.get(category)?.close();
    for (const notice of decision.show) onScreen.set(notice.category, present(notice));
    if (decision.againInMs !== null) again = scheduler.after(decision.againInMs, look);
  };
  const present = (notice: Notice): Notification => {
    const { title, body } = noticeSentence(notice);
    const speaking = { t: deps.translate(), now: clock.wall() };
    const notification = new Notification({
      title: say(title, speaking),
      body: body.map((part) => say(part, speaking)).join('\n'),
      urgency: notice.severity === 'critical' ? 'critical' : 'normal',
    });
    notification.on('click', deps.onClick);
    // The dot on the icon and the popover tell the same: a failed notification is never the only alarm.
    notification.on('failed', (_event, error) => log.warn({ error, id: notice.id }, 'notification failed'));
    notification.show();
    log.info({ id: notice.id, kind: notice.kind }, 'notification shown');
    return notification;
  };
  store.subscribe((state, before) => {
    if (state.world?.notices !== before.world?.notices || state.popoverVisible !== before.popoverVisible)
      look();
  });
}
