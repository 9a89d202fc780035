import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { MOST_EXPORTS } from '../../../src-shared/world/tunnel.ts';
import type { LanExport, LanMemory } from './lan-memory.ts';
import { keyOfService } from './lan-view.ts';
import { sourceOf, type SourcePorts } from './sources.ts';

/** A service must be there to be exported; one whose pods are only coming is exported all the same. */
export async function addExport(
  memory: LanMemory,
  service: LanExport,
  ports: SourcePorts,
): Promise<Result<void>> {
  const { known, problem } = await sourceOf(service, ports);
  if (problem !== null && problem.code !== 'noReadyPods') return fail(problem.code, problem.params);
  if (!known) return fail('apiUnreachable', { name: ports.cluster?.name ?? '-' });
  const others = memory.exports().filter((each) => keyOfService(each) !== keyOfService(service));
  if (others.length >= MOST_EXPORTS) return fail('tooManyExports', { most: MOST_EXPORTS });
  await memory.setExports([...others, service]);
  return ok(undefined);
}

/** `notExported`. */
export async function removeExport(
  memory: LanMemory,
  service: Pick<LanExport, 'namespace' | 'name'>,
): Promise<Result<void>> {
  const others = memory.exports().filter((each) => keyOfService(each) !== keyOfService(service));
  if (others.length === memory.exports().length)
    return fail('notExported', { namespace: service.namespace, name: service.name });
  await memory.setExports(others);
  return ok(undefined);
}
