import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { GIB } from '../../src-shared/units.ts';
import type { Admission } from '../../src-shared/world/clusters.ts';
import type { ClusterEntry } from './cluster-entry.ts';
import type { ClusterPorts } from './cluster-ports.ts';
import { admission } from './memory-guard.ts';
import type { ClusterProvider, ClusterRecord } from './provider.ts';

/** What the memory guard says to a start of this cluster now. */
export async function weigh(
  ports: ClusterPorts,
  provider: ClusterProvider,
  record: ClusterRecord,
): Promise<Admission> {
  const { needBytes, touchedBytes, inside } = await provider.memoryNeed(record);
  const freeDiskBytes = ports.disk()?.freeBytes ?? null;
  return admission({ memory: ports.memory(), freeDiskBytes, sizeBytes: needBytes, touchedBytes, inside });
}

export interface AdmitNeeds {
  readonly ports: ClusterPorts;
  readonly providers: { of(entry: ClusterEntry): ClusterProvider };
  publish(): void;
}

/** Lets a start through, or refuses it with the numbers; `force` overrides, and the verdict is shown all the same. */
export async function admit(needs: AdmitNeeds, entry: ClusterEntry, force: boolean): Promise<Result<void>> {
  entry.admission = await weigh(needs.ports, needs.providers.of(entry), entry.record);
  needs.publish();
  return entry.admission.verdict !== 'refuse' || force
    ? ok(undefined)
    : refused(entry.record.name, entry.admission);
}

function refused(name: string, admission: Admission): Result<never> {
  const { needBytes, availableBytes, wouldFitBytes, because, vm } = admission;
  const gb = (bytes: number | null): string => (bytes === null ? '?' : (bytes / GIB).toFixed(1));
  // Nothing that is closed on this Mac would help: the machine itself is too small.
  if (because[0] === 'guestShort' && vm !== undefined)
    return fail('clusterVmShort', {
      name,
      runtime: vm.runtime,
      totalGb: gb(vm.guestTotalBytes),
      usedGb: gb(vm.guestUsedBytes),
    });
  return fail('memoryRefused', {
    name,
    needGb: gb(needBytes),
    availableGb: gb(availableBytes),
    fitGb: gb(wouldFitBytes),
  });
}
