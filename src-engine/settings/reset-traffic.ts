import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { pause, systemClock, systemScheduler } from '../platform/clock.ts';
import type { Home } from '../platform/home.ts';
import { isAlive, signal, type ProcessRef } from '../platform/processes.ts';

/** What a front or a gate is found by (`run/NAME.json`, traffic/process/process-record.ts), as far as its end needs it. */
const ref = { pid: z.number().int().min(1), startedAt: z.string() };
const recordSchema = z.looseObject({ ...ref, before: z.array(z.object(ref)).default([]) });

const NAMES = ['front', 'passage', 'gate', 'relay'] as const;
const TERM_MS = 1000;
const KILL_MS = 2000;
const POLL_MS = 20;

/**
 * Ends the front, its passage behind a gateway, the gate and the relay of this home: they outlive the engine (decision 2), and nobody else ends them. Told
 * (SIGTERM), and after one second killed.
 *
 * @returns the names of those that lived
 */
export async function endTraffic(home: Home): Promise<string[]> {
  const ended: string[] = [];
  for (const name of NAMES) {
    const refs = await refsOf(join(home.run, `${name}.json`));
    const lived = await Promise.all(refs.map(endProcess));
    if (lived.includes(true)) ended.push(name);
  }
  return ended;
}

async function refsOf(file: string): Promise<ProcessRef[]> {
  try {
    const { before, ...record } = recordSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return [record, ...before];
  } catch {
    return [];
  }
}

/** True when it lived. */
async function endProcess(ref: ProcessRef): Promise<boolean> {
  if (!(await isAlive(ref))) return false;
  await signal(ref, 'SIGTERM');
  if (await isGoneWithin(ref, TERM_MS)) return true;
  await signal(ref, 'SIGKILL');
  await isGoneWithin(ref, KILL_MS);
  return true;
}

async function isGoneWithin(ref: ProcessRef, limitMs: number): Promise<boolean> {
  const endMs = systemClock.monotonicMs() + limitMs;
  while (await isAlive(ref)) {
    if (systemClock.monotonicMs() >= endMs) return false;
    await pause(systemScheduler, POLL_MS);
  }
  return true;
}
