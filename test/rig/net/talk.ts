import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sightings, type Sightings } from '../../doubles/sightings.ts';
import type { Namespace } from './namespaces.ts';

/** What a program in a namespace told. */
export interface Heard {
  readonly ready?: true;
  readonly udp?: number;
  readonly sentAt?: number;
  readonly at?: number;
  readonly tcp?: string;
  readonly said?: number;
  /** TLS: how it ended, and how many bytes of the other side's it gave. */
  readonly tls?: string;
  readonly got?: number;
}

export interface Talk extends Sightings<Heard> {
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** A plain program in a namespace that says or hears UDP and TCP. */
export const talk = (space: Namespace, ...args: string[]): Talk => program(space, 'talk.mjs', args);

/** Somebody in between (relay.mjs). */
export const relay = (space: Namespace, ...args: string[]): Talk => program(space, 'relay.mjs', args);

/** Somebody with a key of their own (stranger.mjs). */
export const stranger = (space: Namespace, ...args: string[]): Talk => program(space, 'stranger.mjs', args);

function program(space: Namespace, file: string, args: readonly string[]): Talk {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const [command = '', ...words] = [...space.prefix, process.execPath, path, ...args];
  const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const heard = sightings<Heard>(`word of ${file} ${args.join(' ')}`);
  createInterface(child.stdout).on('line', (line) => heard.add(JSON.parse(line) as Heard));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    ...heard,
    ended,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
