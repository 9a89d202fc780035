import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import { sizeOf, type VmSize } from '../../platform/vm-size.ts';
import type { ToolCall } from './runtime-control.ts';
import type { DaemonInfo } from './runtime-ref.ts';

/** A line of `colima list --json`: one object a line, memory in bytes. */
export interface ColimaProfile {
  readonly name: string;
  /** `Running`, `Stopped`, `Broken`; Lima's words. */
  readonly status: string;
  readonly size: VmSize;
}

const colimaSchema = z.object({
  name: z.string(),
  status: z.string(),
  cpus: z.number().nullish(),
  memory: z.number().nullish(),
});

export function parseColimaList(stdout: string): ColimaProfile[] {
  return stdout.split('\n').flatMap((line) => {
    const parsed = colimaSchema.safeParse(json(line));
    if (!parsed.success) return [];
    const { name, status, cpus, memory } = parsed.data;
    return [{ name, status, size: sizeOf(memory ?? null, 1, cpus ?? null) }];
  });
}

const machinesSchema = z.array(z.object({ name: z.string(), state: z.string() }));

/** Names of the Linux machines that run beside the containers, of `orb list -f json`; null when that is not what it is. */
export function parseOrbMachines(stdout: string): string[] | null {
  const parsed = machinesSchema.safeParse(json(stdout));
  if (!parsed.success) return null;
  return parsed.data.filter(({ state }) => state === 'running').map(({ name }) => name);
}

const buildsSchema = z.object({ BuildCache: z.array(z.object({ InUse: z.boolean().nullish() })).nullish() });

/**
 * Whether a build runs, of `GET /system/df?type=build-cache`: what it works with is in use while it lasts. Null when
 * the answer is not Docker's.
 */
export function parseBuilding(answer: unknown): boolean | null {
  const parsed = buildsSchema.safeParse(answer);
  return parsed.success ? (parsed.data.BuildCache ?? []).some(({ InUse }) => InUse === true) : null;
}

/**
 * Whether that command line, of `ps -o args=`, is this call, by whatever interpreter and from whatever folder. What
 * a person has started may have other options.
 */
export function isCallOf(line: string, { tool, args }: ToolCall): boolean {
  const option = args.findIndex((arg) => arg.startsWith('-'));
  const verb = (option < 0 ? args : args.slice(0, option)).join(' ');
  const words = line.trim().split(/\s+/);
  const at = words.findIndex((word) => word === tool || word.endsWith(`/${tool}`));
  if (verb === '' || at < 0 || at > 1) return false;
  return `${words.slice(at + 1).join(' ')} `.startsWith(`${verb} `);
}

const infoSchema = z.object({
  OperatingSystem: z.string().default(''),
  Name: z.string().default(''),
  KernelVersion: z.string().default(''),
  MemTotal: z.number().nullish(),
  NCPU: z.number().nullish(),
});

/** `GET /info`; null when the answer is not Docker's. */
export function parseInfo(text: string): DaemonInfo | null {
  const parsed = infoSchema.safeParse(json(text));
  if (!parsed.success) return null;
  const { OperatingSystem, Name, KernelVersion, MemTotal, NCPU } = parsed.data;
  const { memoryBytes, cpus } = sizeOf(MemTotal ?? null, 1, NCPU ?? null);
  return { operatingSystem: OperatingSystem, hostName: Name, kernel: KernelVersion, memoryBytes, cpus };
}

/** The last thing that a tool complained about, without time stamps and colours; for `{{detail}}`. */
export function lastComplaint(stderr: string, stdout = ''): string {
  const lines = `${stdout}\n${stderr}`
    .split(/\r?\n/)
    .map((line) => stripVTControlCharacters(line).trim())
    .filter((line) => line !== '');
  const worst =
    lines.findLast((line) => /fatal|FATA|error|failed|denied|cannot/i.test(line)) ?? lines.at(-1) ?? '';
  const message = /\bmsg="((?:[^"\\]|\\.)*)"/.exec(worst)?.[1]?.replaceAll('\\"', '"');
  return (message ?? worst.replace(/^(FATA|ERRO|WARN)\[\d+\]\s*/, '')).slice(0, 300);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
