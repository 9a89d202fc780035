import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { Address } from '../ports.ts';
import { detailOf } from '../process/exit-report.ts';
import type { ProcessEnd } from '../process/process-ports.ts';

/**
 * Why HAProxy ended, or did not begin: it says so on standard error and exits with 1. Its alerts about servers
 * that are down are news, not reasons.
 */
export function problemOf(end: ProcessEnd, listen: Address): Problem {
  if (end.code === 1) {
    const said = alertsIn(end.output);
    if (said.some((line) => /cannot bind/i.test(line) && !/permission|assign/i.test(line)))
      return { code: 'frontPortTaken', params: { address: listen.host, port: listen.port } };
    const problem = refusalOf(said);
    if (problem !== null) return problem;
  }
  return { code: 'frontDown', params: { detail: detailOf(end) } };
}

/** What `haproxy -c` has against a configuration; null when its output names nothing. */
export function refusedBy(output: string): Problem | null {
  return refusalOf(alertsIn(output));
}

function refusalOf(alerts: readonly string[]): Problem | null {
  const unknown = alerts.map((line) => /could not resolve address '([^']+)'/.exec(line)?.[1]);
  const address = unknown.find((name) => name !== undefined);
  if (address !== undefined) return { code: 'backendInvalid', params: { address } };
  const [line] = alerts;
  return line === undefined ? null : { code: 'frontRefused', params: { line: line.slice(0, 300) } };
}

/** Lines as `[ALERT]    (4242) : config : …`, without what is before the colon. */
function alertsIn(output: string): string[] {
  return output
    .split('\n')
    .flatMap((line) => /^\[ALERT\][^:]*:\s*(.+)$/.exec(line.trim())?.[1] ?? [])
    .filter((line) => !/has no server available|^Current worker|is (?:going )?DOWN/.test(line));
}
