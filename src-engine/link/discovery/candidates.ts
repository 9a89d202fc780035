import { isAddress } from '../network/addresses.ts';

export interface Candidate {
  readonly host: string;
  readonly port: number;
}

export interface CandidateSources {
  /** Where the peer was reached last. */
  readonly lastGood: Candidate | null;
  /** What a person typed or set. */
  readonly typed: Candidate | null;
  /** Bonjour's: anybody on the LAN can say anything, so it comes last. */
  readonly found: readonly (Candidate & { readonly pin8: string })[];
  /** The peer's pin; hits of another are passed over. Null: whoever is there. */
  readonly pin: string | null;
  /** Where this Mac itself listens. */
  readonly own: readonly Candidate[];
}

/** A flood of hits costs no more dials than this. */
const MOST = 8;

/**
 * Addresses to try, best first, each once and never this Mac's own. An address alone does not make it
 * ours: two engines may share one, on two ports.
 */
export function candidates({ lastGood, typed, found, pin, own }: CandidateSources): readonly Candidate[] {
  const hits = found.filter(({ pin8 }) => pin === null || pin.startsWith(pin8));
  const seen = new Set(own.map(keyOf));
  return [lastGood, typed, ...hits]
    .filter((entry) => entry !== null)
    .filter(({ host, port }) => host !== '' && port >= 1 && port <= 65_535)
    .filter((entry) => {
      const key = keyOf(entry);
      return !seen.has(key) && seen.add(key);
    })
    .map(({ host, port }) => ({ host, port }))
    .slice(0, MOST);
}

/** One spelling of a host: names are case-blind and may end in a dot. */
function keyOf({ host, port }: Candidate): string {
  const name = isAddress(host) ? host : host.toLowerCase().replace(/\.$/, '');
  return `${name} ${String(port)}`;
}
