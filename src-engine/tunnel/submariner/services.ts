import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import {
  MOST_EXPORTS,
  type TunnelExport,
  type TunnelImport,
  type TunnelState,
} from '../../../src-shared/world/tunnel.ts';
import { exportsOf, importsOf, type ExportObject, type ImportObject } from './crds.ts';
import { until, type Parts } from './parts.ts';
import type { SubmarinerHands } from './ports.ts';

/** A ServiceExport is taken up within this, or it is not (research/cluster-tools.md, section 7). */
const READY_MS = 60_000;

interface Place {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Exports a service as every tool of this kind understands it: by a ServiceExport, never a label, and waits until it
 * holds. What is refused leaves nothing behind.
 */
export async function addExport(
  parts: Parts,
  hands: SubmarinerHands,
  { namespace, name }: Place,
): Promise<Result<void>> {
  const cluster = parts.ports.cluster()?.name ?? '-';
  const ports = await hands.tcpPorts(namespace, name);
  if (ports === null) return fail('apiUnreachable', { name: cluster });
  if (ports === 'absent') return fail('serviceUnknown', { namespace, name, cluster });
  const listed = await hands.list('serviceexports', null);
  if (listed.kind === 'items' && exportsOf(listed.items).length >= MOST_EXPORTS)
    return fail('tooManyExports', { most: MOST_EXPORTS });
  const made = await hands.exportService(namespace, name);
  if (made !== 'done' && made !== 'taken') return refusedBy(made, { namespace, name }, cluster);
  const verdict = await until(parts, { limitMs: READY_MS }, async () => {
    const now = await hands.list('serviceexports', namespace);
    const own = now.kind === 'items' ? exportsOf(now.items).find((each) => each.name === name) : undefined;
    const how = own === undefined ? null : verdictOf(own);
    return how === 'waits' ? null : how;
  });
  if (verdict === 'ready') return ok(undefined);
  if (made === 'done') await hands.remove('serviceexports', namespace, name);
  const detail = verdict === null ? `not ready within ${READY_MS / 1000} s` : verdict;
  return fail('exportRefused', { namespace, name, detail });
}

function refusedBy(made: string, place: Place, cluster: string): Result<never> {
  if (made === 'noAnswer') return fail('apiUnreachable', { name: cluster });
  // Without its kind nobody would take it up.
  if (made === 'absent') return fail('notJoined');
  return fail('exportRefused', { ...place, detail: 'the API refused it' });
}

/** `notExported`; `exportForeign` for one that somebody else made: it is not ours to take back. */
export async function removeExport(
  parts: Parts,
  hands: SubmarinerHands,
  { namespace, name }: Place,
): Promise<Result<void>> {
  const silent = fail('apiUnreachable', { name: parts.ports.cluster()?.name ?? '-' });
  const isIt = (each: Place): boolean => each.namespace === namespace && each.name === name;
  const own = await hands.ownExports();
  if (own === null) return silent;
  if (!own.some(isIt)) {
    const all = await hands.list('serviceexports', namespace);
    if (all.kind === 'noAnswer') return silent;
    const isThere = all.kind === 'items' && exportsOf(all.items).some(isIt);
    return fail(isThere ? 'exportForeign' : 'notExported', { namespace, name });
  }
  const removed = await hands.remove('serviceexports', namespace, name);
  if (removed === 'done') return ok(undefined);
  return removed === 'absent' ? fail('notExported', { namespace, name }) : silent;
}

/** What it says of itself: `ready`, `waits`, or why it is refused. Older ones say `Synced` for `Ready`. */
export function verdictOf({ conditions }: ExportObject): string {
  const is = (type: string, status: string) =>
    conditions.find((each) => each.type === type && each.status === status);
  const wrong = is('Valid', 'False') ?? is('Conflict', 'True');
  if (wrong !== undefined)
    return (
      [wrong.reason, wrong.message]
        .filter((part) => part !== '')
        .join(': ')
        .slice(0, 300) || wrong.type
    );
  const isReady = is('Ready', 'True') ?? is('Synced', 'True');
  return isReady !== undefined && is('Valid', 'True') !== undefined ? 'ready' : 'waits';
}

/** Exports of this cluster and imports of the others, as the World shows them. */
export async function servicesOf(
  hands: SubmarinerHands | null,
  state: TunnelState,
  clusterId: string | null,
): Promise<{ readonly exports: TunnelExport[]; readonly imports: TunnelImport[] }> {
  if (hands === null) return { exports: [], imports: [] };
  const [exported, imported] = await Promise.all([
    hands.list('serviceexports', null),
    hands.list('serviceimports', null),
  ]);
  const imports = imported.kind === 'items' ? importsOf(imported.items) : [];
  const exports = exported.kind === 'items' ? exportsOf(exported.items) : [];
  return {
    exports: exports.slice(0, MOST_EXPORTS).map((one) => exportView(one, imports)),
    imports: imports
      .filter(({ clusters }) => clusters.some((id) => id !== clusterId))
      .slice(0, MOST_EXPORTS)
      .map((one) => importView(one, state)),
  };
}

function exportView(one: ExportObject, imports: readonly ImportObject[]): TunnelExport {
  const { namespace, name } = one;
  const verdict = verdictOf(one);
  const isFine = verdict === 'ready' || verdict === 'waits';
  const problem: Problem | null = isFine
    ? null
    : { code: 'exportRefused', params: { namespace, name, detail: verdict } };
  const own = imports.find((each) => each.namespace === namespace && each.name === name);
  return {
    namespace,
    name,
    ports: [...(own?.ports ?? [])],
    problem,
    connections: null,
    state: verdict === 'ready' ? 'ready' : 'notReady',
  };
}

function importView({ namespace, name, ips, ports }: ImportObject, state: TunnelState): TunnelImport {
  const [ip] = ips;
  return {
    namespace,
    name,
    ports: [...ports],
    problem: null,
    connections: null,
    state: state === 'connected' ? 'ready' : 'silent',
    addresses: ip === undefined ? [] : ports.map((port) => `${ip}:${port}`),
    clusterName: `${name}.${namespace}.svc.clusterset.local`,
  };
}
