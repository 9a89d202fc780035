// What an engine costs that watches a running cluster while nobody looks and nothing happens.
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { openKindLab } from '../../test/kind/kind-lab.ts';
import { tools, toolsEnv } from '../../test/kind/tools.ts';
import { tandem } from './cluster-round.ts';
import { familyOf, pssMegabytes, usageOf } from './processes.ts';
import { pause, report } from './report.ts';

const NAME = 'quiet';
/** An engine's own start, and its first looks. */
const SETTLING_MS = 60_000;

export async function measureQuiet(folder: string, nodes: number, minutes: number): Promise<void> {
  const log = join(folder, 'spawned.log');
  toolsEnv.PATH = `${counted(folder, log)}${delimiter}${toolsEnv.PATH}`;
  const lab = await openKindLab(NAME);
  try {
    await tandem(lab, ...lab.create(NAME, '--nodes', `${nodes}`));
    await lab.rig.kill('SIGTERM');
    const pid = await lab.rig.startEngine();
    await pause(SETTLING_MS);
    rmSync(log, { force: true });
    const before = usageOf(familyOf(pid));
    await pause(minutes * 60_000);
    const after = usageOf(familyOf(pid));
    const spawned = existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0;
    const percent = (after.cpuNanoseconds - before.cpuNanoseconds) / 1e7 / (minutes * 60);
    report('cluster', 'watching a quiet cluster, CPU', percent, '% of a core');
    const perHour = (spawned * 60) / minutes;
    report('cluster', 'watching a quiet cluster, tools started an hour (goal: 0)', perHour, 'processes');
    report('cluster', 'watching a quiet cluster, PSS', pssMegabytes(familyOf(pid)), 'MB');
  } finally {
    await lab.close();
  }
}

/** A folder with the tools, each of which writes down that it was started. */
function counted(folder: string, log: string): string {
  const bin = join(folder, 'counted');
  mkdirSync(bin);
  for (const [name, path] of Object.entries({
    kind: tools.kind,
    docker: tools.docker,
    kubectl: tools.kubectl,
  })) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> '${log}'\nexec '${path}' "$@"\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}
