import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Builds the programs of test/kube/rig, the first time for minutes, and tells the rig where they are. */
export async function ensureKubeRig(): Promise<void> {
  if (process.env['TANDEM_KUBE_RIG'] !== undefined) return;
  const { stdout } = await promisify(execFile)('bash', ['test/kube/rig/build.sh']);
  process.env['TANDEM_KUBE_RIG'] = stdout.trim().split('\n').at(-1) ?? '';
}
