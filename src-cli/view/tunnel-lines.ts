import { errorSentences, fineDurationIn, type Translate } from '../../src-shared/language/translate.ts';
import type {
  CiliumView,
  SubmarinerView,
  Tunnel,
  TunnelExport,
  TunnelImport,
  TunnelOperation,
} from '../../src-shared/world/tunnel.ts';
import { stepName } from './status-lines.ts';

/** What `tunnel status` prints: the kind and why, the path, and what is exported on either side. */
export function tunnelLines(tunnel: Tunnel, t: Translate): string[] {
  const { kind, state, why, problem, exports, imports } = tunnel;
  const lines = [`${t(`tunnel.kind.${kind}`)} · ${t(`tunnel.state.${state}`)} · ${t(`tunnel.why.${why}`)}`];
  if (problem !== null) lines.push(...problemLines(problem, t));
  if (tunnel.relay !== null) lines.push(...relayLines(tunnel.relay, t));
  if (tunnel.submariner !== null) lines.push(...submarinerLines(tunnel.submariner, t));
  if (tunnel.cilium !== null) lines.push(...ciliumLines(tunnel.cilium, t));
  if (tunnel.operation !== null) lines.push(`  ${operationLine(tunnel.operation, t)}`);
  if (kind === 'lan' && exports.length === 0 && imports.length === 0) lines.push(`  ${t('tunnel.empty')}`);
  if (exports.length > 0)
    lines.push(t('cli.tunnel.exports'), ...exports.flatMap((one) => exportLines(one, t)));
  if (imports.length > 0)
    lines.push(t('cli.tunnel.imports'), ...imports.flatMap((one) => importLines(one, t)));
  if (tunnel.names === 'off') lines.push(`  ${t('cli.tunnel.namesOff')}`);
  if (tunnel.names === 'taken') lines.push(...problemLines({ code: 'namesTaken', params: {} }, t));
  return lines;
}

function relayLines({ listen, peer, rttMs }: NonNullable<Tunnel['relay']>, t: Translate): string[] {
  const way = rttMs === null ? t('value.unknown') : fineDurationIn(t, rttMs);
  return [
    `  ${t('tunnel.hop.own')}: ${listen ?? t('tunnel.notListening')}`,
    ...(peer === null ? [] : [`  ${t('tunnel.hop.peer')}: ${peer} · ${way}`]),
  ];
}

function submarinerLines({ clusterId, broker, gateway, peer }: SubmarinerView, t: Translate): string[] {
  const words = (...parts: (string | null)[]): string => parts.filter((part) => part !== null).join(' · ');
  const rtt = peer?.rttMs ?? null;
  return [
    ...(clusterId === null ? [] : [`  ${t('tunnel.clusterId')}: ${words(clusterId, broker)}`]),
    ...(gateway === null ? [] : [`  ${t('tunnel.hop.ownGateway')}: ${words(gateway.node, gateway.address)}`]),
    ...(peer === null
      ? []
      : [
          `  ${t('tunnel.hop.tunnel')}: ${words(t(`tunnel.state.${peer.state}`), rtt === null ? null : fineDurationIn(t, rtt))}`,
          `  ${t('tunnel.hop.peerGateway')}: ${words(peer.clusterId, peer.node, peer.address)}`,
          ...(peer.message === null ? [] : [`    ${peer.message}`]),
        ]),
  ];
}

function ciliumLines({ clusterName, clusterId, version, agents, peer }: CiliumView, t: Translate): string[] {
  if (clusterName === null) return [];
  const words = (...parts: (string | null)[]): string => parts.filter((part) => part !== null).join(' · ');
  const count = (of: { ready: number; total: number } | null): string | null =>
    of === null ? null : t('tunnel.agents', of);
  const met =
    peer?.connected == null || peer.total === null ? null : { ready: peer.connected, total: peer.total };
  return [
    `  ${t('tunnel.hop.ownMesh')}: ${words(clusterName, `ID ${clusterId ?? 0}`, version, count(agents))}`,
    ...(peer === null
      ? []
      : [
          `  ${t('tunnel.hop.mesh')}: ${words(t(`tunnel.state.${peer.state}`), count(met))}`,
          `  ${t('tunnel.hop.peerMesh')}: ${peer.clusterName}`,
        ]),
  ];
}

function operationLine({ verb, step, done, total }: TunnelOperation, t: Translate): string {
  return `${t(`verb.word.${verb}`)}: ${stepName(step, t)} (${done}/${total})`;
}

function connectionsOf({ connections }: TunnelExport | TunnelImport, t: Translate): string[] {
  return connections === null ? [] : [t('tunnel.connections', { count: connections })];
}

function exportLines(one: TunnelExport, t: Translate): string[] {
  const { state, problem } = one;
  const words = [nameOf(one), t(`tunnel.export.${state}`), ...connectionsOf(one, t)];
  return [`  ${words.join(' · ')}`, ...(problem === null ? [] : problemLines(problem, t))];
}

function importLines(one: TunnelImport, t: Translate): string[] {
  const { state, problem, clusterName, addresses } = one;
  const words = [nameOf(one), t(`tunnel.import.${state}`), ...connectionsOf(one, t)];
  const address = clusterName ?? addresses.join(', ');
  return [
    `  ${words.join(' · ')}`,
    ...(address === '' ? [] : [`    ${t('cli.tunnel.addresses', { address })}`]),
    ...(problem === null ? [] : problemLines(problem, t)),
  ];
}

const nameOf = ({ namespace, name, ports }: TunnelExport | TunnelImport): string =>
  `${namespace}/${name}${ports.length === 0 ? '' : `:${ports.join(',')}`}`;

function problemLines(problem: NonNullable<Tunnel['problem']>, t: Translate): string[] {
  const { message, hint } = errorSentences(problem, t);
  return [`    ${message}`, `    ${hint}`];
}
