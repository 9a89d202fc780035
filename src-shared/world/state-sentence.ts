import { assertNever } from '../assert-never.ts';
import { isErrorCode } from '../errors/codes.ts';
import { isMessageKey } from '../language/translate.ts';
import type { Cluster, ClusterFailure, Operation } from './clusters.ts';
import {
  edgeGoneState,
  frontDownState,
  handoffUnderWay,
  lostState,
  safeState,
  warnedState,
} from './handoff-sentence.ts';
import { pairedState, partitionState, peerWeakState, type PairSituation } from './pair-state.ts';
import { errorSentence, sentence, type Sentence } from './sentence.ts';
import type { Metric, Reason, Stage, Vitals } from './vitals.ts';
import type { World } from './world.ts';

/** How the shell stands to its engine; only the shell knows. */
export type EngineLinkState = 'connected' | 'starting' | 'lost';

/** What is the matter, most serious first; icons and colours are chosen by it. */
export type Situation =
  | 'engineLost'
  | 'engineStarting'
  | 'failed'
  | 'stop'
  | 'drain'
  | 'busy'
  | 'unknown'
  | 'degraded'
  | 'warn'
  | 'running'
  | 'stopped'
  | 'absent'
  | PairSituation;

export type Severity = 'ok' | 'idle' | 'busy' | 'unknown' | 'warn' | 'bad';

/** The one true sentence on top of every screen: is all well, and must I do something? */
export interface StateSentence {
  readonly situation: Situation;
  readonly severity: Severity;
  readonly headline: Sentence;
  /** Since when, until when, or why. */
  readonly detail: Sentence | null;
}

/** @param world null before the first one */
export function stateSentence(world: World | null, engine: EngineLinkState = 'connected'): StateSentence {
  if (engine === 'lost')
    return made('engineLost', 'bad', sentence('sentence.engineLost'), sentence('sentence.engineLost.detail'));
  if (world === null || engine === 'starting')
    return made('engineStarting', 'busy', sentence('sentence.engineStarting'));
  const clusters = primaryFirst(world);
  const working = clusters.some(({ operation }) => operation !== null);
  return (
    handoffUnderWay(world) ??
    failed(clusters) ??
    frontDownState(world) ??
    (working ? null : safeState(world)) ??
    staged(world.host.vitals, 'stop') ??
    staged(world.host.vitals, 'drain') ??
    partitionState(world) ??
    lostState(world) ??
    busy(clusters) ??
    unknown(clusters) ??
    degraded(clusters) ??
    staged(world.host.vitals, 'warn') ??
    warnedState(world) ??
    edgeGoneState(world) ??
    peerWeakState(world) ??
    settledPair(world, clusters)
  );
}

function made(
  situation: Situation,
  severity: Severity,
  headline: Sentence,
  detail: Sentence | null = null,
): StateSentence {
  return { situation, severity, headline, detail };
}

/** The clusters of a World, the one that Start and Stop mean first. */
export function primaryFirst(world: World): Cluster[] {
  const isPrimary = (cluster: Cluster): boolean => cluster.name === world.primaryCluster;
  return [...world.clusters.filter(isPrimary), ...world.clusters.filter((cluster) => !isPrimary(cluster))];
}

function failed(clusters: readonly Cluster[]): StateSentence | null {
  for (const cluster of clusters) {
    const failure = liveFailure(cluster);
    if (failure === null) continue;
    const headline = sentence(`sentence.failed.${failure.verb}`, { name: cluster.name });
    return made('failed', 'bad', headline, failureDetail(failure));
  }
  return null;
}

/** The last failure while it still says something: not cancelled by a person, not overtaken by what is seen. */
export function liveFailure(cluster: Cluster): ClusterFailure | null {
  const failure = cluster.lastFailure;
  if (failure === null || failure.code === 'cancelled' || cluster.operation !== null) return null;
  return isOvertaken(failure, cluster.state) ? null : failure;
}

function isOvertaken({ verb }: ClusterFailure, state: Cluster['state']): boolean {
  switch (verb) {
    case 'create':
    case 'start':
      return state === 'running';
    case 'stop':
      return state === 'stopped' || state === 'absent';
    case 'delete':
      return state === 'absent';
    case 'drain':
      return state === 'stopped' || state === 'absent';
    default:
      return assertNever(verb);
  }
}

function failureDetail({ code, params, at }: ClusterFailure): Sentence {
  return isErrorCode(code) ? errorSentence({ code, params }) : sentence('sentence.since', { sinceAt: at });
}

function staged(vitals: Vitals, stage: Exclude<Stage, 'ok'>): StateSentence | null {
  if (vitals.stage !== stage) return null;
  const reason = vitals.reasons.find((one) => one.stage === stage) ?? vitals.reasons[0];
  if (reason === undefined)
    return made(
      stage,
      severityOf(stage),
      sentence(`sentence.${stage}.held`),
      sentence('sentence.held.detail'),
    );
  const headline = sentence(`sentence.${stage}.${familyOf(reason.metric)}`);
  return made(stage, severityOf(stage), headline, reasonSentence(reason));
}

function severityOf(stage: Exclude<Stage, 'ok'>): Severity {
  return stage === 'warn' ? 'warn' : 'bad';
}

/** The meter that a metric belongs to. */
export function familyOf(metric: Metric): 'battery' | 'memory' | 'thermal' {
  return metric.slice(0, metric.indexOf('.')) as 'battery' | 'memory' | 'thermal';
}

const MINUTE_MS = 60_000;

/** Why a stage holds, with its numbers. */
export function reasonSentence({ metric, value, limit, since }: Reason): Sentence {
  if (metric === 'battery.minutesToStop')
    return value === null
      ? sentence('reason.minutesUnknown', { limitMs: limit * MINUTE_MS })
      : sentence(`reason.${metric}`, { valueMs: value * MINUTE_MS, limitMs: limit * MINUTE_MS });
  const params = {
    value: value === null ? '?' : shortNumber(value),
    limit: shortNumber(limit),
    sinceAt: since,
  };
  if (metric === 'memory.level')
    return sentence(`reason.${metric}`, { ...params, levelKey: pressureKey(value) });
  return sentence(`reason.${metric}`, params);
}

function shortNumber(value: number): number {
  return Math.abs(value) >= 10 ? Math.round(value) : Math.round(value * 10) / 10;
}

/** macOS counts pressure 1, 2, 4. */
function pressureKey(value: number | null): string {
  return `pressure.${value === null ? 'unknown' : value >= 4 ? 'critical' : value >= 2 ? 'warn' : 'normal'}`;
}

function busy(clusters: readonly Cluster[]): StateSentence | null {
  const cluster = clusters.find((one) => one.operation !== null);
  if (!cluster?.operation) return null;
  const { verb, cancelling } = cluster.operation;
  const headline = sentence(cancelling ? `sentence.cancelling.${verb}` : `sentence.busy.${verb}`, {
    name: cluster.name,
  });
  return made('busy', 'busy', headline, busyDetail(cluster.operation));
}

function busyDetail({ done, total, step, etaMs, cancelling }: Operation): Sentence {
  if (cancelling) return sentence('sentence.cancelling.detail');
  const params = { current: Math.min(done + 1, total), total, stepKey: `step.${step}` };
  return etaMs === null
    ? sentence('sentence.busy.detail', params)
    : sentence('sentence.busy.detail.eta', { ...params, etaMs });
}

/** Why a cluster's state is unknown before the engine's first look at it. */
export const NOT_SEEN_YET = 'notSeenYet';

/** True before the engine's first look: no cluster is known because none was looked for. */
export function notLookedYet({ clusters, providers }: World): boolean {
  return clusters.length === 0 && providers.length === 0;
}

function unknown(clusters: readonly Cluster[]): StateSentence | null {
  const unseen = clusters.filter((one) => one.state === 'unknown');
  const cluster = unseen.find(({ why }) => why !== NOT_SEEN_YET) ?? unseen[0];
  if (!cluster) return null;
  if (cluster.why === NOT_SEEN_YET)
    return made(
      'unknown',
      'unknown',
      sentence('sentence.looking', { name: cluster.name }),
      whySentence(cluster),
    );
  const detail = whySentence(cluster) ?? sentence('sentence.unknown.detail', { sinceAt: cluster.sampledAt });
  return made('unknown', 'unknown', sentence('sentence.unknown', { name: cluster.name }), detail);
}

function degraded(clusters: readonly Cluster[]): StateSentence | null {
  const cluster = clusters.find((one) => one.state === 'degraded' || one.state === 'partial');
  if (!cluster) return null;
  const headline = sentence(`sentence.${cluster.state === 'partial' ? 'partial' : 'degraded'}`, {
    name: cluster.name,
  });
  return made('degraded', 'warn', headline, whySentence(cluster) ?? nodesSentence(cluster));
}

/** Why the state is what it is, when there are words for it. */
export function whySentence({ why, name }: Cluster): Sentence | null {
  const key = `why.${why ?? ''}`;
  return isMessageKey(key) ? sentence(key, { name }) : null;
}

/** How many nodes are ready, of how many. */
export function nodesSentence({ nodes }: Cluster): Sentence {
  const ready = nodes.filter((node) => node.ready === true).length;
  return sentence('sentence.nodes', { ready, count: nodes.length });
}

/** Nothing is wrong with either Mac; a Mac that is not paired speaks for itself. */
function settledPair(world: World, clusters: readonly Cluster[]): StateSentence {
  const own = settled(world, clusters);
  return pairedState(world, own) ?? own;
}

/** Nothing is wrong: what runs, and how long it can. */
function settled(world: World, clusters: readonly Cluster[]): StateSentence {
  const power = powerSentence(world.host.vitals);
  const cluster = clusters.find((one) => isUp(one.state)) ?? clusters.find((one) => one.state === 'stopped');
  if (notLookedYet(world)) return made('engineStarting', 'busy', sentence('sentence.engineStarting'));
  if (!cluster)
    return made('absent', 'idle', sentence('sentence.absent'), sentence('sentence.absent.detail'));
  const { name, state } = cluster;
  if (state === 'running')
    return made('running', 'ok', sentence('sentence.running', { name }), power ?? nodesSentence(cluster));
  if (state === 'starting' || state === 'stopping')
    return made('busy', 'busy', sentence(`sentence.${state}`, { name }), whySentence(cluster) ?? power);
  return made(
    'stopped',
    'idle',
    sentence(`sentence.${state === 'paused' ? 'paused' : 'stopped'}`, { name }),
    power,
  );
}

/** True when what is shown is the built-in demo cluster: then every screen says so. */
export function showsDemo(world: World): boolean {
  const first = primaryFirst(world).find((cluster) => cluster.state !== 'absent');
  return first?.provider === 'embedded';
}

function isUp(state: Cluster['state']): boolean {
  return state === 'running' || state === 'paused' || state === 'starting' || state === 'stopping';
}

/** Until when this Mac can go on, or that it need not think of it; null without a battery. */
export function powerSentence({ battery }: Vitals): Sentence | null {
  if (battery === null || battery.percent === null || battery.stale) return null;
  const percent = Math.round(battery.percent);
  if (battery.onAC === null) return sentence('sentence.power.unknown', { percent });
  if (battery.onAC) return sentence('sentence.power.ac', { percent });
  if (battery.minutesToDrain === null || battery.confidence === 'none')
    return sentence('sentence.power.battery', { percent });
  return sentence('sentence.power.minutes', { percent, leftMs: battery.minutesToDrain * MINUTE_MS });
}
