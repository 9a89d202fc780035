import { durationIn, isMessageKey, type Translate } from '../../src-shared/language/translate.ts';
import { formatBytes, formatGigabytes } from '../../src-shared/units.ts';
import type { Cluster, Operation } from '../../src-shared/world/clusters.ts';
import { runtimeSentence } from '../../src-shared/world/runtime.ts';
import { say, type Speaking } from '../../src-shared/world/sentence.ts';
import { primaryFirst, stateSentence } from '../../src-shared/world/state-sentence.ts';
import { workloadSentences } from '../../src-shared/world/workload-sentence.ts';
import type { Battery, Memory, Thermal, Vitals } from '../../src-shared/world/vitals.ts';
import type { World } from '../../src-shared/world/world.ts';
import { padded } from './columns.ts';
import { handoffLines, trafficLines } from './pair-lines.ts';
import { peerLines } from './peer-lines.ts';

const LABEL_WIDTH = 10;
const BAR_WIDTH = 20;
const MINUTE_MS = 60_000;

/** The World as calm lines of text: what `status` prints and `status --watch` keeps on the screen. */
export function statusLines(world: World, t: Translate, now: Date): string[] {
  const { headline, detail } = stateSentence(world);
  const speaking = { t, now };
  const lines = [say(headline, speaking), ...(detail === null ? [] : [say(detail, speaking)]), ''];
  lines.push(...hostLines(world.host.name, world.host.vitals, t));
  for (const cluster of primaryFirst(world)) lines.push('', ...clusterLines(cluster, speaking));
  if (world.runtime !== null && world.runtime.name !== null)
    lines.push('', say(runtimeSentence(world.runtime), speaking));
  if (world.peer !== null) lines.push('', ...peerLines(world.peer, world.at, speaking));
  const { traffic, handoff } = world;
  if (traffic !== null || handoff !== null)
    lines.push(
      '',
      ...(traffic === null ? [] : trafficLines(world, traffic, speaking)),
      ...(handoff === null ? [] : handoffLines(world, handoff, speaking)),
    );
  if (world.automation.pausedUntil !== null)
    lines.push(
      '',
      t('cli.status.paused', { until: new Date(world.automation.pausedUntil).toLocaleTimeString() }),
    );
  if (world.timeScale !== 1) lines.push('', t('cli.status.timeScale', { scale: world.timeScale }));
  return lines;
}

export function hostLines(name: string, vitals: Vitals, t: Translate): string[] {
  return [
    name,
    row(t('label.memory'), memoryText(vitals.memory, t)),
    ...(vitals.battery === null ? [] : [row(t('label.battery'), batteryText(vitals.battery, t))]),
    row(t('label.heat'), heatText(vitals.thermal, t)),
    row(
      t('label.cpu'),
      vitals.load?.cpuPercent == null ? t('value.unknown') : `${Math.round(vitals.load.cpuPercent)} %`,
    ),
    ...diskLine(vitals, t),
  ];
}

function row(label: string, value: string): string {
  return `  ${padded(label, LABEL_WIDTH)}${value}`;
}

function bar(percent: number): string {
  const full = Math.round((Math.min(100, Math.max(0, percent)) / 100) * BAR_WIDTH);
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
}

function memoryText(memory: Memory | null, t: Translate): string {
  if (memory === null) return t('value.unknown');
  const level = memory.level === null ? '' : ` · ${t(`pressure.${memory.level}`)}`;
  return `${bar((memory.usedBytes / memory.totalBytes) * 100)} ${formatGigabytes(memory.usedBytes)} / ${formatBytes(memory.totalBytes)}${level}${age(memory.stale, t)}`;
}

function batteryText(battery: Battery, t: Translate): string {
  if (battery.percent === null) return t('value.unknown');
  const state = t(`battery.${battery.state}`);
  const left =
    battery.minutesToDrain === null
      ? ''
      : ` · ${t('cli.status.toDrain', { left: durationIn(t, battery.minutesToDrain * MINUTE_MS) })}`;
  return `${bar(battery.percent)} ${Math.round(battery.percent)} % · ${state}${left}${age(battery.stale, t)}`;
}

function heatText(thermal: Thermal | null, t: Translate): string {
  return thermal?.level == null
    ? t('value.unknown')
    : `${t('cli.status.heat', { level: thermal.level })}${age(thermal.stale, t)}`;
}

function diskLine({ disk }: Vitals, t: Translate): string[] {
  return disk === null
    ? []
    : [row(t('label.disk'), t('cli.status.disk', { free: formatBytes(disk.freeBytes) }))];
}

function age(stale: true | undefined, t: Translate): string {
  return stale ? ` (${t('value.stale')})` : '';
}

function clusterLines(cluster: Cluster, speaking: Speaking): string[] {
  const { t } = speaking;
  const demo = cluster.provider === 'embedded' ? ` · ${t('sentence.demo')}` : '';
  const why = isMessageKey(`why.${cluster.why ?? ''}`)
    ? ` · ${t(`why.${cluster.why ?? ''}` as 'why.drained', { name: cluster.name })}`
    : '';
  const lines = [`${cluster.name} (${cluster.provider}) · ${t(`state.${cluster.state}`)}${why}${demo}`];
  for (const node of cluster.nodes) {
    const ready = node.ready === null ? t('value.unknown') : t(node.ready ? 'node.ready' : 'node.notReady');
    lines.push(`  ${node.name} · ${t(`node.${node.role}`)} · ${ready}`);
  }
  if (cluster.workload !== undefined)
    lines.push(...workloadSentences(cluster.workload).map((one) => `  ${say(one, speaking)}`));
  return cluster.operation === null ? lines : [...lines, ...operationLines(cluster.operation, t)];
}

const marks = { waiting: '○', running: '●', done: '✓', failed: '✗', skipped: '–' } as const;

function operationLines(operation: Operation, t: Translate): string[] {
  return operation.steps.map(({ step, status, elapsedMs, usualMs, slow }) => {
    const took = elapsedMs === null ? '' : durationIn(t, elapsedMs);
    const usual = usualMs === null ? '' : durationIn(t, usualMs);
    const known = took === '' ? usual && t('cli.status.about', { time: usual }) : took;
    const time = slow === true ? t('steps.slow', { took, usual }) : known;
    return `  ${marks[status]} ${stepName(step, t)}  ${time}${status === 'running' && operation.detail !== null ? `  ${operation.detail}` : ''}`;
  });
}

/** A step's words, or its id when it has none. */
export function stepName(step: string, t: Translate): string {
  const key = `step.${step}`;
  return isMessageKey(key) ? t(key) : step;
}
