import { createHash } from 'node:crypto';
import { z } from 'zod';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';

/** What a broker file tells that may be told; the token and the key stay in the text, which is a secret. */
export interface BrokerInfo {
  /** `https://HOST:PORT` of the broker's API. */
  readonly url: string;
  /** The broker's certificate authority, PEM in base64. */
  readonly authority: string;
  /** Equal for two files of one broker, and different after it was made anew. */
  readonly print: string;
}

const secret = z.looseObject({ data: z.record(z.string(), z.string()) });
/**
 * Keys by both spellings: Go tags of theirs were written so that the fields' own names came out
 * (research/cluster-tools.md, 1.2; subctl pkg/broker/info.go).
 */
const fileSchema = z.looseObject({ brokerURL: z.string(), clientToken: secret, ipsecPSK: secret });
const spellings = { clientToken: 'ClientToken', ipsecPSK: 'IPSecPSK', brokerURL: 'BrokerURL' } as const;

/** The longest that a SECRET frame carries, and far more than one has. */
export const LONGEST_FILE = 48 * 1024;

/** `brokerFileBroken {detail}`: which part is missing, never what stands there. */
export function readBrokerFile(text: string): Result<BrokerInfo> {
  const json = decoded(text);
  if (json === null) return fail('brokerFileBroken', { detail: 'it is cut off, or no broker file' });
  const parsed = fileSchema.safeParse(bySmallNames(json));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return fail('brokerFileBroken', { detail: `no ${issue?.path.join('.') ?? 'part'}` });
  }
  const { brokerURL, clientToken, ipsecPSK } = parsed.data;
  const { token, namespace, 'ca.crt': authority } = clientToken.data;
  const parts = { token, namespace, 'ca.crt': authority, psk: ipsecPSK.data['psk'] };
  const missing = Object.entries(parts).find(([, value]) => value === undefined || value === '')?.[0];
  if (missing !== undefined) return fail('brokerFileBroken', { detail: `no ${missing}` });
  const url = URL.canParse(brokerURL) ? new URL(brokerURL) : null;
  if (url?.protocol !== 'https:') return fail('brokerFileBroken', { detail: 'no address of its broker' });
  const print = createHash('sha256')
    .update(`${url.origin} ${authority ?? ''} ${namespace ?? ''}`)
    .digest('hex');
  return ok({ url: url.origin, authority: authority ?? '', print });
}

function decoded(text: string): Record<string, unknown> | null {
  const clean = text.trim();
  if (clean.length > LONGEST_FILE || !/^[A-Za-z0-9_-]+={0,2}$/.test(clean)) return null;
  try {
    const json: unknown = JSON.parse(Buffer.from(clean, 'base64url').toString('utf8'));
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function bySmallNames(json: Record<string, unknown>): Record<string, unknown> {
  const found = Object.entries(spellings).map(([small, large]) => [small, json[small] ?? json[large]]);
  return Object.fromEntries(found) as Record<string, unknown>;
}

/** The host and port that a URL of a broker means. */
export function brokerPlace(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 443 : Number(port) };
}
