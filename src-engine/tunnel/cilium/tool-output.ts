import { z } from 'zod';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import { redacted } from '../submariner/subctl-output.ts';

/** `cilium-cli: v0.16.10 compiled with go1.22.4 on linux/amd64`. Null: another program. */
export function versionIn(stdout: string): string | null {
  return /^cilium-cli:\s*(\S+)/m.exec(stdout)?.[1] ?? null;
}

/** What it is doing, of lines such as `✨ Extracting access information of cluster NAME...`; null for every other line. */
export function doingIn(line: string): string | null {
  const text = /^\s*(?:✨|🔑|ℹ)\uFE0F?\s*(.*?)(?:\.\.\.)?\s*$/u.exec(line)?.[1];
  return text === undefined || text === '' ? null : redacted(text).slice(0, 200);
}

/** What went wrong, by name; matched loosely, since versions word it differently. */
export function failureIn(said: string, known: { readonly apiUrl: string }): Problem {
  if (/CA certificates do not match/i.test(said) && /allow-mismatching-ca/.test(said))
    return { code: 'ciliumAuthorityDiffers', params: {} };
  if (/unable to find helm release|release: not found/i.test(said))
    return { code: 'ciliumNotByHelm', params: {} };
  // What was killed in the middle of an upgrade, by whomever (helm/helm#8987).
  if (/another operation .* is in progress/i.test(said)) return { code: 'ciliumHelmPending', params: {} };
  if (/connection refused|no route to host|i\/o timeout|deadline exceeded|x509:/i.test(said))
    return { code: 'ciliumPeerApiSilent', params: { address: known.apiUrl } };
  return { code: 'toolFailed', params: { tool: 'cilium', detail: lastWords(said) } };
}

/** The last line that it marked as failed, or the last that says anything. */
function lastWords(said: string): string {
  const lines = said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const failed = lines.findLast((line) => /^(?:❌|Error:)/u.test(line)) ?? lines.at(-1) ?? 'it said nothing';
  return redacted(failed.replace(/^(?:❌|Error:)\s*/u, '')).slice(0, 300);
}

/** Agents that are told of a cluster, and those that reach it. Zeros are left out of the document. */
const statsSchema = z.object({
  configured: z.number().int().min(0).default(0),
  connected: z.number().int().min(0).default(0),
});
const statusSchema = z.object({
  connectivity: z.object({
    clusters: z.record(z.string(), statsSchema).nullish(),
    total: z.number().int().min(0).default(0),
  }),
});

/** What the agents said of their connections, by the name of the other cluster. */
export interface MeshStatus {
  /** Agents of this cluster. */
  readonly total: number;
  readonly clusters: ReadonlyMap<string, z.infer<typeof statsSchema>>;
}

/**
 * Of `cilium clustermesh status --output json`; null: it is no such document. Older ones write a line of their log before
 * it. Errors in it are empty objects (Go's), and the rest is access with its key: neither is read.
 */
export function statusIn(stdout: string): MeshStatus | null {
  const at = stdout.search(/^\{/m);
  if (at < 0) return null;
  try {
    const read = statusSchema.safeParse(JSON.parse(stdout.slice(at)));
    if (!read.success) return null;
    const { clusters, total } = read.data.connectivity;
    return { total, clusters: new Map(Object.entries(clusters ?? {})) };
  } catch {
    return null;
  }
}
