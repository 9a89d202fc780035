import type { ReactNode } from 'react';
import type { World } from '../../src-shared/world/world.ts';
import { ClusterSection } from '../popover/cluster-section.tsx';
import { VitalsCard } from '../popover/vitals-card.tsx';
import { BreakBox } from './break-box.tsx';
import { LinkProblem } from './link-problem.tsx';
import { NetworkQuestion } from './network-question.tsx';
import { PairRow } from './pair-row.tsx';
import { PeerCard } from './peer-card.tsx';
import { Rail } from './rail.tsx';

/** Both Macs with the link between them, the core above the edge; one Mac alone until pairing. */
export function TwoMacs({ world }: { readonly world: World }) {
  const { peer, link, role } = world;
  const rows = (
    <>
      <LinkProblem link={link} />
      <NetworkQuestion link={link} paired={peer !== null} />
    </>
  );
  if (peer === null)
    return (
      <Own world={world} above={rows}>
        <PairRow pairing={link.pairing} />
      </Own>
    );
  const card = <PeerCard peer={peer} atIso={world.at} />;
  const rail = <Rail peer={peer} />;
  const above = (
    <>
      {rows}
      <BreakBox peer={peer} />
      {link.pairing !== null && <PairRow pairing={link.pairing} />}
    </>
  );
  if (role === 'core')
    return (
      <Own world={world} above={above}>
        {rail}
        {card}
      </Own>
    );
  return (
    <Own
      world={world}
      above={
        <>
          {above}
          {card}
          {rail}
        </>
      }
    />
  );
}

function Own(props: { readonly world: World; readonly above: ReactNode; readonly children?: ReactNode }) {
  return (
    <>
      {props.above}
      <VitalsCard world={props.world} />
      <ClusterSection world={props.world}>{props.children}</ClusterSection>
    </>
  );
}
