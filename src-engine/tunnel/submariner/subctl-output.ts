import type { Problem } from '../../../src-shared/world/traffic.ts';

/** `subctl version: v0.22.2`; builds without a number say `devel` or what they were built from. Null: another program. */
export function versionIn(stdout: string): string | null {
  return /^subctl version:\s*(\S+)/m.exec(stdout)?.[1] ?? null;
}

/** Long names of the flags in a help text: `      --air-gapped   …`, `  -y, --yes   …`. */
export function flagsIn(help: string): ReadonlySet<string> {
  return new Set([...help.matchAll(/^\s+(?:-\w, )?--([a-z0-9-]+)/gm)].map(([, name]) => name ?? ''));
}

/** What it is doing: ` • Deploying the Submariner operator  ...`; null for every other line. */
export function doingIn(line: string): string | null {
  const text = /^\s*•\s+(.*?)\s*(?:\.\.\.)?\s*$/.exec(line)?.[1];
  return text === undefined || text === '' ? null : redacted(text).slice(0, 200);
}

/**
 * What may be logged of it. A subctl that cannot make sense of a kubeconfig prints it whole, keys and all
 * (internal/restconfig): long words of base64, PEM and tokens go.
 */
export function redacted(text: string): string {
  return text
    .replaceAll(/-----BEGIN [^-]*-----[\s\S]*?(?:-----END [^-]*-----|$)/g, '[removed]')
    .replaceAll(/[A-Za-z0-9+/_=.-]{40,}/g, '[removed]');
}

/** What its standard error says went wrong, by name; the text is matched loosely, since versions word it differently. */
export function failureIn(
  stderr: string,
  known: { readonly clusterId: string; readonly broker: string },
): Problem {
  const behind =
    /subctl version "?([^"\s]+)"? is older than the deployed Submariner version "?([^".\s][^"\s]*)"?/.exec(
      stderr,
    );
  if (behind !== null)
    return { code: 'subctlBehind', params: { version: behind[1] ?? '?', deployed: behind[2] ?? '?' } };
  if (/cluster ID.*(not unique|already)/i.test(stderr))
    return { code: 'clusterIdTaken', params: { clusterId: known.clusterId } };
  if (/x509|certificate (signed by unknown|is valid for)/i.test(stderr))
    return { code: 'brokerCertificate', params: { address: known.broker } };
  if (
    /broker/i.test(stderr) &&
    /connection refused|no route to host|i\/o timeout|deadline exceeded/i.test(stderr)
  )
    return { code: 'brokerUnreachable', params: { address: known.broker } };
  if (/error decoding|error unmarshalling|illegal base64/i.test(stderr))
    return { code: 'brokerFileBroken', params: { detail: 'subctl cannot read it' } };
  return { code: 'toolFailed', params: { tool: 'subctl', detail: lastWords(stderr) } };
}

/** The last line that it marked as failed, or the last that says anything but its version. */
function lastWords(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('subctl version:'));
  const failed = lines.findLast((line) => line.startsWith('✗')) ?? lines.at(-1) ?? 'it said nothing';
  return redacted(failed.replace(/^✗\s*/, '')).slice(0, 300);
}
