import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { makePrivateFolder } from '../../platform/files.ts';
import { readBrokerFile } from './broker-file.ts';
import { lookAround, type Ground } from './look.ts';
import { accessTo, runSubctl, until, type Parts } from './parts.ts';
import type { Step, StepContext } from './ports.ts';
import { BROKER_NAMESPACE } from './preflight-facts.ts';
import { noteStanding } from './standing.ts';
import { brokerArgs } from './subctl-args.ts';

export const MINUTE_MS = 60_000;
/** subctl itself waits 10 min for the operator (research/cluster-tools.md, 1.1). */
export const OPERATOR_MS = 12 * MINUTE_MS;
/** The step's own limit comes first, and its sentence with it. */
export const TOOL_MS = OPERATOR_MS + MINUTE_MS;
/** The name is subctl's, and always the same. */
const WRITTEN = 'broker-info.subm';

/** What a broker finds out on its way. */
interface Course {
  ground: Ground | null;
  url: string;
  authority: string;
}

/** Makes this Mac's cluster the broker, and keeps its file. Run again it changes nothing that is right. */
export function brokerSteps(parts: Parts, clusterId: string): readonly Step[] {
  const course: Course = { ground: null, url: '', authority: '' };
  return [
    {
      id: 'preflight',
      limitMs: MINUTE_MS,
      harmless: true,
      async run() {
        const looked = await lookAround(parts, 'broker', clusterId);
        if (!looked.ok) return looked;
        const noted = await noteStanding(parts, looked.value.hands);
        if (!noted.ok) return noted;
        course.ground = looked.value;
        const place = lanUrl(parts, looked.value);
        if (!place.ok) return place;
        course.url = place.value;
        return ok(undefined);
      },
    },
    {
      id: 'deployBroker',
      limitMs: OPERATOR_MS,
      run: (context) => deployBroker(parts, course, clusterId, context),
    },
    { id: 'readBroker', limitMs: MINUTE_MS, run: () => takeFile(parts, course) },
    { id: 'proveBroker', limitMs: 2 * MINUTE_MS, run: ({ signal }) => proveBroker(parts, course, signal) },
  ];
}

async function deployBroker(
  parts: Parts,
  course: Course,
  clusterId: string,
  context: StepContext,
): Promise<Result<void>> {
  const { memory } = parts;
  const { ground, url } = course;
  if (ground === null) return fail('internal', { detail: 'nothing was looked at' });
  await makePrivateFolder(memory.workFolder);
  await rm(join(memory.workFolder, WRITTEN), { force: true });
  const known = ground.probed.flags;
  // One that cannot be told the address writes the one that it used itself.
  const server = known.has('broker-url') ? null : url;
  const access = await accessTo(parts, { name: clusterId, server });
  if (!access.ok) return access;
  course.authority = access.value.authority;
  const of = { kubeconfigFile: memory.kubeconfigFile, context: access.value.context };
  const run = { args: brokerArgs(of, url, known), limitMs: TOOL_MS, clusterId, broker: url };
  return runSubctl(parts, ground.probed, run, context);
}

async function proveBroker(
  parts: Parts,
  { ground, url }: Course,
  signal: AbortSignal,
): Promise<Result<void>> {
  const proven = await until(parts, { signal, limitMs: MINUTE_MS }, async () => {
    const listed = await ground?.hands.list('brokers', BROKER_NAMESPACE);
    return listed?.kind === 'items' && listed.items.length > 0 ? true : null;
  });
  if (proven === null) return fail('brokerMissing');
  await parts.memory.keep({ broker: { cluster: parts.ports.cluster()?.name ?? '-', url } });
  return ok(undefined);
}

/** Where others reach this cluster's API: this Mac's address on the LAN, and the port that Docker publishes. */
function lanUrl({ ports }: Parts, { runtime }: Ground): Result<string> {
  const host = ports.linkHost();
  if (host === null) return fail('noNetwork');
  const api = runtime?.published?.find(({ port, onLan }) => port === '6443/tcp' && onLan);
  if (api === undefined) return fail('apiNotOnLan', { name: ports.cluster()?.name ?? '-' });
  return ok(`https://${host.includes(':') ? `[${host}]` : host}:${api.hostPort}`);
}

/** Exit 0 is not enough: the file must be whole, and of this very cluster. */
async function takeFile({ memory }: Parts, { url, authority }: Course): Promise<Result<void>> {
  const written = join(memory.workFolder, WRITTEN);
  const text = await readFile(written, 'utf8').catch(() => null);
  await rm(written, { force: true });
  if (text === null) return fail('brokerFileBroken', { detail: 'subctl wrote none' });
  const read = readBrokerFile(text);
  if (!read.ok) return read;
  if (read.value.url !== url || !isSameAuthority(read.value.authority, authority))
    return fail('brokerFileOther', { url: read.value.url });
  await memory.keepBroker(text);
  return ok(undefined);
}

/** Both base64 of a PEM; one that is not known excludes nothing. */
export function isSameAuthority(one: string, other: string): boolean {
  const plain = (text: string): string => Buffer.from(text, 'base64').toString('utf8').trim();
  return one === '' || other === '' || plain(one) === plain(other);
}
