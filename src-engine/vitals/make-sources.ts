import type { TextFiles } from '../platform/files.ts';
import type { Tools } from '../platform/tools.ts';
import {
  darwinBattery,
  darwinGauge,
  darwinLid,
  darwinMemory,
  darwinThermal,
} from './darwin/darwin-sources.ts';
import { dockerVm, hostDisk, hostLoad } from './host/host-sources.ts';
import { linuxBattery, linuxLid, linuxLoad, linuxMemory, linuxThermal } from './linux/linux-sources.ts';
import type { Sources } from './source.ts';

export interface SourcePorts {
  readonly tools: Tools;
  readonly files: TextFiles;
  readonly platform: NodeJS.Platform;
  /** VITALS_ROOT: a folder of the Linux layout that stands in for this host, on every platform. */
  readonly root: string | null;
  /** The folder whose volume is shown as disk. */
  readonly dataFolder: string;
  volumeOf(path: string): Promise<{ freeBytes: number; totalBytes: number } | null>;
  dockerSocket(): string | null;
}

/** Where the readings of this run come from. */
export function modeOf({
  root,
  platform,
}: Pick<SourcePorts, 'root' | 'platform'>): 'root' | 'darwin' | 'linux' {
  if (root !== null) return 'root';
  return platform === 'darwin' ? 'darwin' : 'linux';
}

/** The sources of this host. Under VITALS_ROOT nothing of the host itself is read. */
export function makeSources(ports: SourcePorts, signal: AbortSignal): Sources {
  const { tools, files, root, dataFolder, platform } = ports;
  const mode = modeOf(ports);
  const ofHost =
    mode === 'root'
      ? { disk: null, vm: null }
      : {
          disk: hostDisk(dataFolder, (path) => ports.volumeOf(path)),
          vm: dockerVm(() => ports.dockerSocket(), files, platform),
        };
  if (mode === 'darwin')
    return {
      ...ofHost,
      memory: darwinMemory(tools, signal),
      battery: darwinBattery(tools, signal),
      gauge: darwinGauge(tools, signal),
      thermal: darwinThermal(tools, signal),
      load: hostLoad(),
      lid: darwinLid(tools, signal),
    };
  const folder = root ?? '/';
  return {
    ...ofHost,
    memory: linuxMemory(files, folder),
    battery: linuxBattery(files, folder),
    gauge: null,
    thermal: linuxThermal(files, folder),
    load: root === null ? hostLoad() : linuxLoad(files, folder),
    lid: linuxLid(files, folder),
  };
}
