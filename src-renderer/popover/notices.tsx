import { noticeSentence } from '../../src-shared/world/notice-sentence.ts';
import type { Notice } from '../../src-shared/world/notices.ts';
import { sentence } from '../../src-shared/world/sentence.ts';
import { stateSentence } from '../../src-shared/world/state-sentence.ts';
import type { World } from '../../src-shared/world/world.ts';
import { IconButton } from '../parts/icon-button.tsx';
import { useCommand } from '../run-command.ts';
import { useWords } from '../words.ts';

/** What waits for a person; what the headline tells already is not told twice. */
export function Notices({ world }: { readonly world: World }) {
  const { t } = useWords();
  const { headline } = stateSentence(world);
  // The question of the network stands as a row of its own.
  const asked = world.link.network === 'other';
  // The state of the hand-off has its headline and its card, and the stage that led to it is its reason there.
  const shown = world.handoff !== null;
  const isReason = ({ category }: Notice): boolean =>
    category === 'stage' && (world.handoff?.reasons.length ?? 0) > 0;
  const isTold = (notice: Notice): boolean =>
    isOnlyTold(notice) && noticeSentence(notice).title.key === headline.key;
  const open = world.notices.filter(
    (notice) =>
      notice.open &&
      !(asked && notice.kind === 'networkAsked') &&
      // So does a pairing that waits for an answer, for as long as it does.
      notice.kind !== 'pairingAsked' &&
      !(shown && notice.category === 'handoff') &&
      !isReason(notice) &&
      !isTold(notice),
  );
  if (open.length === 0) return null;
  return (
    <section aria-label={t('notices.title')} className="notices">
      {open.map((notice) => (
        <NoticeRow key={notice.id} notice={notice} headlineKey={headline.key} />
      ))}
    </section>
  );
}

/** Told by the headline, and nothing for a person to do: it is over when the other Mac is back. */
function isOnlyTold({ kind }: Notice): boolean {
  return kind === 'peerLost' || kind === 'peerWeak';
}

function NoticeRow({ notice, headlineKey }: { readonly notice: Notice; readonly headlineKey: string }) {
  const { t, say } = useWords();
  const { run } = useCommand();
  const { title, body } = noticeSentence(notice);
  const dismiss = (): void => void run('notices.dismiss', { id: notice.id });
  if (title.key === headlineKey)
    return (
      <div className={`notice told ${notice.severity}`}>
        <div>{say(sentence('notices.waiting', { sinceAt: notice.at }))}</div>
        <button type="button" className="link" onClick={dismiss}>
          {t('notices.dismiss')}
        </button>
      </div>
    );
  return (
    <div className={`notice ${notice.severity}`}>
      <div>
        <strong>{say(title)}</strong>
        {body.map((part) => (
          <p key={part.key}>{say(part)}</p>
        ))}
      </div>
      <IconButton shape="close" label={t('notices.dismiss')} onPress={dismiss} />
    </div>
  );
}
