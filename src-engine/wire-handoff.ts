import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { fail, ok, type Result } from '../src-shared/errors/result.ts';
import type { DryRun } from '../src-shared/commands/handoff.ts';
import { nobody } from '../src-shared/commands/registry.ts';
import type { HandoffMessage } from '../src-shared/handoff-messages.ts';
import type { Handoff } from '../src-shared/world/handoff.ts';
import type { Role } from '../src-shared/world/role.ts';
import type { World } from '../src-shared/world/world.ts';
import type { ClusterRoom } from './cluster/cluster-room.ts';
import { coreFitness, type Fitness } from './handoff/core-fitness.ts';
import { DRY_PROBES, dryRunOf, lastDepartures } from './handoff/dry-run.ts';
import { edgeOf, type Half } from './handoff/half.ts';
import { openHandoffRoom, type HandoffRoom } from './handoff/handoff-room.ts';
import { openKeeper } from './handoff/keeper/keeper.ts';
import { leaveNowBytes } from './handoff/leave-now-bytes.ts';
import { openLeaver } from './handoff/leaver/leaver.ts';
import type { Courier } from './handoff/ports.ts';
import { fitReport } from './handoff/report/fit-report.ts';
import { repeatedNotes } from './handoff/repeated-note.ts';
import { reportSentence } from './handoff/report/markdown.ts';
import type { KeeperPorts, LeaverPorts, StageFact } from './handoff/room-ports.ts';
import { recordsFromEnd } from './history/history-file.ts';
import type { HistoryRoom } from './history/history-room.ts';
import { readPods } from './kube/pods-reader.ts';
import { stuckPods } from './kube/stuck-pods.ts';
import type { LinkCourier } from './link/link-ports.ts';
import { sharesFrom } from '../src-shared/settings.ts';
import type { Platform } from './platform/platform.ts';
import { removeFile } from './platform/files.ts';
import type { AutomationRoom } from './settings/automation-room.ts';
import type { SettingsRoom } from './settings/settings-room.ts';
import type { TrafficRoom } from './traffic/room-ports.ts';
import { clusterStopper } from './wire-handoff-cluster.ts';
import { handoffHappenings } from './wire-handoff-notices.ts';
import { evictionBeforeStop } from './wire-kube.ts';
import type { Notices } from './wire-notices.ts';
import type { WorldStore } from './world-store.ts';

export interface HandoffNeeds {
  readonly platform: Platform;
  readonly world: WorldStore;
  readonly history: HistoryRoom;
  readonly notices: Notices;
  readonly settings: SettingsRoom;
  readonly automation: Pick<AutomationRoom, 'mayAct'>;
  readonly clusters: ClusterRoom;
  readonly link: LinkCourier;
  readonly traffic: TrafficRoom;
  readonly bootId: string;
}

/** The hand-off meets the others here: the link carries it, traffic and cluster obey it, the World shows it. */
export function wireHandoff(needs: HandoffNeeds): HandoffRoom {
  const { platform, world, settings, link, traffic } = needs;
  const room = openHandoffRoom({
    scheduler: platform.scheduler,
    log: platform.log('handoff'),
    wanted: () => pairRole(world.get()),
    openKeeper: (publish) => openKeeper(keeperPorts(needs, publish)),
    openLeaver: (publish) => openLeaver(leaverPorts(needs, publish)),
    publish: (handoff) => world.write({ handoff }),
    ended: (role) => ended(needs, role),
    coreTold: (told) => traffic.setEdgeView(told),
    link: () => link.fact(),
    stage: () => stageFact(world.get()),
    lid: () => lidOf(world.get()),
    ask: (command, name) => link.ask(command, name),
    dryRun: (half) => dryRun(needs, half),
  });
  const leaveLink = link.subscribe({
    onFact: room.linkChanged,
    onSession: room.linkChanged,
    onPayload: room.heard,
    onLeaveNow: room.heardLeave,
  });
  const leaveTraffic = traffic.subscribe(room.trafficChanged);
  const leaveWorld = world.subscribe((now, before) => {
    worldChanged(room, now, before);
    if (now.handoff !== before.handoff) tellPerson(needs.notices, now, before);
  });
  settings.subscribe(() => room.settingsChanged());
  return {
    ...room,
    async dispose() {
      for (const leave of [leaveLink, leaveTraffic, leaveWorld]) leave();
      await room.dispose();
    },
  };
}

/** What this Mac is to another one: nothing while it is paired with none. */
function pairRole({ peer, role }: World): Role {
  return peer === null ? 'single' : role;
}

function tellPerson(notices: Notices, now: World, before: World): void {
  const name = now.peer?.name ?? null;
  for (const happening of handoffHappenings(before.handoff, now.handoff, pairRole(now), name))
    notices.tell(happening);
}

function worldChanged(room: HandoffRoom, now: World, before: World): void {
  if (pairRole(now) !== pairRole(before)) room.choose();
  if (now.host !== before.host) {
    if (!isDeepStrictEqual(stageFact(now), stageFact(before))) room.stageChanged();
    if (lidOf(now) !== lidOf(before)) room.lidChanged();
  }
  if (!isDeepStrictEqual(leaverSees(now), leaverSees(before))) room.lookAgain();
}

/** What makes a leaver look again. */
function leaverSees({ clusters, traffic, automation }: World): unknown {
  const gate = traffic?.gate ?? null;
  return {
    gate: gate === null ? null : [gate.ready, gate.notReady, gate.listen],
    clusters: clusters.map(({ name, state, operation }) => [name, state, operation?.verb ?? null]),
    automation,
  };
}

/** Null until something was read: an engine that has just begun knows of no stage, and its `ok` is none. */
export function stageFact({ host }: Pick<World, 'host'>): StageFact | null {
  const { stage, reasons, memory, battery, thermal } = host.vitals;
  if (memory === null && battery === null && thermal === null) return null;
  return { stage, reasons };
}

function lidOf({ host }: Pick<World, 'host'>): boolean | null {
  const { lid } = host.vitals;
  return lid === null || lid.stale === true ? null : lid.closed;
}

const recordFile = ({ home }: Platform): string => join(home.root, 'handoff.json');
const journalFile = ({ home }: Platform): string => join(home.run, 'leaver.json');

function sharedPorts(needs: HandoffNeeds, publish: (handoff: Handoff) => void) {
  const { platform, history, settings, automation, link } = needs;
  const isRepeated = repeatedNotes(() => platform.clock.monotonicMs());
  return {
    clock: platform.clock,
    scheduler: platform.scheduler,
    log: platform.log('handoff'),
    timeScale: platform.timeScale,
    courier: courierOver(link),
    link: () => link.fact(),
    settings: () => {
      const { traffic, handoff } = settings.get();
      return {
        shares: sharesFrom(traffic.shares),
        deadlineMs: handoff.deadlineSeconds * 1000,
        limits: handoff,
      };
    },
    mayAct: automation.mayAct,
    publish,
    note(kind, what, evidence) {
      if (!isRepeated(kind, what)) void history.add({ kind, what, evidence });
    },
    report: (report) =>
      history.add({
        kind: `handoff.${report.kind}`,
        what: reportSentence(report),
        why: report.problem?.code ?? report.reasons[0]?.name ?? null,
        evidence: { report: fitReport(report) },
      }),
  } satisfies Partial<KeeperPorts>;
}

function keeperPorts(needs: HandoffNeeds, publish: (handoff: Handoff) => void): KeeperPorts {
  const { platform, world, traffic } = needs;
  return {
    ...sharedPorts(needs, publish),
    recordFile: recordFile(platform),
    peerPin: world.get().peer?.pin ?? null,
    traffic: traffic.switch,
    fitness: { fit: () => ownFitness(world.get()) },
    trafficView: () => traffic.view(),
  };
}

function leaverPorts(needs: HandoffNeeds, publish: (handoff: Handoff) => void): LeaverPorts {
  const { platform, traffic, bootId } = needs;
  // The journal is written at once, before each act: its folder is not made by then.
  mkdirSync(platform.home.run, { recursive: true, mode: 0o700 });
  return {
    ...sharedPorts(needs, publish),
    journalFile: journalFile(platform),
    bootId,
    gate: traffic.gate,
    cluster: clusterStopper({ ...needs, evict: evictionBeforeStop(needs) }),
  };
}

function ownFitness({ host, clusters, primaryCluster }: World): Fitness {
  return coreFitness(host.vitals, clusters, primaryCluster);
}

/** LEAVE_NOW goes both ways at once: whichever arrives first counts, the other is known by its seq. */
export function courierOver(link: Pick<LinkCourier, 'send' | 'leaveNow'>): Courier {
  return {
    send: (message: HandoffMessage) => link.send(message),
    async leaveNow(message) {
      link.send(message);
      return message.type === 'LEAVE_NOW' && (await link.leaveNow(leaveNowBytes(message)));
    },
  };
}

/** Unpaired: what was agreed with the other Mac is over, and nothing of the front goes to it any more. */
async function ended({ platform, world, traffic }: HandoffNeeds, role: 'core' | 'edge'): Promise<void> {
  if (world.get().peer !== null) return;
  await removeFile(role === 'core' ? recordFile(platform) : journalFile(platform));
  if (role === 'edge') return;
  const live = await traffic.switch.read();
  if (live.ok && live.value.edge > 0) await traffic.switch.set({ core: 100, edge: 0 }, live.value);
  await traffic.switch.useGate(null);
}

async function dryRun(needs: HandoffNeeds, half: Half): Promise<Result<DryRun>> {
  const { platform, world, history, traffic, link } = needs;
  const { peer } = world.get();
  const leaver = edgeOf(half);
  if (peer === null) return fail('singleMac');
  await history.settled();
  const probes = leaver === null ? await traffic.switch.probe('core', DRY_PROBES) : null;
  const fitness = leaver === null ? ownFitness(world.get()) : toldFitness(world.get());
  const cluster = leaver === null ? firstUp(peer.clusters ?? []) : clusterStopper(needs).running();
  return ok(
    dryRunOf({
      handoff: half.view(),
      ownProblems: leaver?.problems() ?? [],
      link: link.fact().state,
      fitness,
      probes,
      traffic: traffic.view(),
      departuresMs: await lastDepartures(recordsFromEnd(platform.home.history)),
      cluster,
      stuckPods: leaver === null || cluster === null ? null : await podsThatStay(needs, cluster),
    }),
  );
}

/** Null where nobody can tell: a cluster without an API of Kubernetes, or one that does not answer. */
async function podsThatStay(
  { platform, world, clusters }: HandoffNeeds,
  name: string,
): Promise<DryRun['stuckPods']> {
  const provider = world.get().clusters.find((one) => one.name === name)?.provider;
  if (provider === undefined || provider === 'embedded') return null;
  const found = await clusters.handlers['cluster.kubeconfig']({ name }, nobody);
  const look = found.ok ? await readPods(found.value.kubeconfig, platform.scheduler) : null;
  return look === null ? null : stuckPods(look.pods, look.budgets);
}

/** Of the core, as it tells of itself: enough to say that it cannot, never that it can. */
function toldFitness({ peer }: World): Fitness {
  const told = peer?.vitals ?? null;
  const fitness = told === null ? null : coreFitness(told, [], '');
  return fitness?.fit === false ? fitness : { fit: null, why: null };
}

function firstUp(clusters: World['clusters']): string | null {
  return clusters.find(({ state }) => state === 'running' || state === 'degraded')?.name ?? null;
}
