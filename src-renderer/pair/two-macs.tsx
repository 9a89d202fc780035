import type { ReactNode } from 'react';
import type { Handoff } from '../../src-shared/world/handoff.ts';
import type { Peer } from '../../src-shared/world/peer.ts';
import type { World } from '../../src-shared/world/world.ts';
import { HandoffActions } from '../handoff/handoff-actions.tsx';
import { HandoffCard } from '../handoff/handoff-card.tsx';
import { TrafficProblem } from '../handoff/traffic-problem.tsx';
import { TrafficRail } from '../handoff/traffic-rail.tsx';
import { ClusterSection } from '../popover/cluster-section.tsx';
import { VitalsCard } from '../popover/vitals-card.tsx';
import { BreakBox } from './break-box.tsx';
import { LinkProblem } from './link-problem.tsx';
import { NetworkQuestion } from './network-question.tsx';
import { OwnCard } from './own-card.tsx';
import { PairCluster } from './pair-cluster.tsx';
import { PairRow } from './pair-row.tsx';
import { PeerCard } from './peer-card.tsx';
import { Rail } from './rail.tsx';

/** Both Macs with the link between them, the core above the edge; one Mac alone until pairing. */
export function TwoMacs({ world }: { readonly world: World }) {
  const { peer, link, role, handoff } = world;
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
  const above = (
    <>
      {rows}
      <BreakBox peer={peer} />
      {link.pairing !== null && <PairRow pairing={link.pairing} />}
    </>
  );
  if (handoff !== null && role !== 'single')
    return <Serving world={world} peer={peer} handoff={handoff} rows={rows} />;
  const card = <PeerCard peer={peer} atIso={world.at} />;
  const rail = <Rail peer={peer} />;
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

/** A pair with traffic between its Macs: what is asked for now stands below both, where a thumb finds it. */
function Serving(props: {
  readonly world: World;
  readonly peer: Peer;
  readonly handoff: Handoff;
  readonly rows: ReactNode;
}) {
  const { world, peer, handoff, rows } = props;
  const { role, traffic, link, at } = world;
  const own = <OwnCard world={world} handoff={handoff} />;
  const other = <PeerCard peer={peer} atIso={at} brief />;
  // An edge that left as announced may sleep: its silence needs no evidence.
  const silenceIsFine = role === 'core' && handoff.state === 'OFFLINE';
  return (
    <>
      {rows}
      {traffic !== null && <TrafficProblem world={world} traffic={traffic} />}
      {link.pairing !== null && <PairRow pairing={link.pairing} />}
      {role === 'core' ? own : other}
      {traffic === null ? <Rail peer={peer} /> : <TrafficRail world={world} peer={peer} traffic={traffic} />}
      {role === 'core' ? other : own}
      {!silenceIsFine && <BreakBox peer={peer} />}
      <PairCluster world={world} handoff={handoff} />
      <HandoffCard world={world} handoff={handoff} />
      <HandoffActions world={world} handoff={handoff} />
    </>
  );
}
