import { errorSentences, fineDurationIn, type Translate } from '../../src-shared/language/translate.ts';
import type { Tunnel, TunnelExport, TunnelImport } from '../../src-shared/world/tunnel.ts';

/** What `tunnel status` prints: the kind and why, the path, and what is exported on either side. */
export function tunnelLines(tunnel: Tunnel, t: Translate): string[] {
  const { kind, state, why, problem, exports, imports } = tunnel;
  const lines = [`${t(`tunnel.kind.${kind}`)} · ${t(`tunnel.state.${state}`)} · ${t(`tunnel.why.${why}`)}`];
  if (problem !== null) lines.push(...problemLines(problem, t));
  if (tunnel.relay !== null) lines.push(...relayLines(tunnel.relay, t));
  if (kind === 'lan' && exports.length === 0 && imports.length === 0) lines.push(`  ${t('tunnel.empty')}`);
  if (exports.length > 0)
    lines.push(t('cli.tunnel.exports'), ...exports.flatMap((one) => exportLines(one, t)));
  if (imports.length > 0)
    lines.push(t('cli.tunnel.imports'), ...imports.flatMap((one) => importLines(one, t)));
  return lines;
}

function relayLines({ listen, peer, rttMs }: NonNullable<Tunnel['relay']>, t: Translate): string[] {
  const way = rttMs === null ? t('value.unknown') : fineDurationIn(t, rttMs);
  return [
    `  ${t('tunnel.hop.own')}: ${listen ?? t('tunnel.notListening')}`,
    ...(peer === null ? [] : [`  ${t('tunnel.hop.peer')}: ${peer} · ${way}`]),
  ];
}

function exportLines(one: TunnelExport, t: Translate): string[] {
  const { state, connections, problem } = one;
  const words = [nameOf(one), t(`tunnel.export.${state}`), t('tunnel.connections', { count: connections })];
  return [`  ${words.join(' · ')}`, ...(problem === null ? [] : problemLines(problem, t))];
}

function importLines(one: TunnelImport, t: Translate): string[] {
  const { state, connections, problem, clusterName, addresses } = one;
  const words = [nameOf(one), t(`tunnel.import.${state}`), t('tunnel.connections', { count: connections })];
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
