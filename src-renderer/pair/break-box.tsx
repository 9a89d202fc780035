import type { Peer } from '../../src-shared/world/peer.ts';
import { classDetail, evidenceGroups, likelySentence } from '../../src-shared/world/peer-sentence.ts';
import { ProblemBox } from '../parts/problem-box.tsx';
import { useWords } from '../words.ts';
import { EvidenceList } from './evidence-list.tsx';

/** While something is broken: the likeliest cause, what it rests on, and what to do (often nothing). */
export function BreakBox({ peer }: { readonly peer: Peer }) {
  const { t, say } = useWords();
  const { link, class: breakClass, likely, evidence, name } = peer;
  if (breakClass === null || (link !== 'down' && !(link === 'up' && isWeak(breakClass)))) return null;
  const ownFault = breakClass === 'SELF_OFFLINE' || breakClass === 'SELF_OR_ROUTER_DOWN';
  const tone = link === 'down' && !ownFault ? 'bad' : 'warn';
  return (
    <ProblemBox tone={tone} title={likely === null ? t('evidence.title') : say(likelySentence(likely))}>
      <EvidenceList groups={evidenceGroups(evidence, name)} compact />
      <p className="next">{say(classDetail(breakClass, name))}</p>
    </ProblemBox>
  );
}

function isWeak(breakClass: NonNullable<Peer['class']>): boolean {
  return breakClass === 'API_SERVER_DOWN' || breakClass === 'TUNNEL_DOWN' || breakClass === 'ONE_WAY';
}
