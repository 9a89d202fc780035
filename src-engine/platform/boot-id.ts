import { randomUUID } from 'node:crypto';
import type { TextFiles } from './files.ts';
import type { Tools } from './tools.ts';

/**
 * Names this start of the machine: the same until the next one.
 *
 * Linux: `/proc/sys/kernel/random/boot_id`; macOS: `kern.bootsessionuuid`. Where neither can be read it names this
 * start of the program: a restart of the machine is then never missed, one of the program may look like it.
 */
export async function readBootId(platform: {
  readonly os: NodeJS.Platform;
  readonly files: TextFiles;
  readonly tools: Tools;
}): Promise<string> {
  const told = platform.os === 'darwin' ? await fromSysctl(platform.tools) : await fromProc(platform.files);
  return told !== null && /^[0-9a-f-]{8,64}$/i.test(told) ? told.toLowerCase() : randomUUID();
}

async function fromProc(files: TextFiles): Promise<string | null> {
  return (await files.read('/proc/sys/kernel/random/boot_id'))?.trim() ?? null;
}

async function fromSysctl(tools: Tools): Promise<string | null> {
  const { failure, stdout } = await tools.run('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'], {
    timeoutMs: 2000,
    graceMs: 0,
  });
  return failure === null ? stdout.trim() : null;
}
