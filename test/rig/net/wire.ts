import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What happens to frames of one direction; see wire.py. Left out: nothing. */
export interface WireRule {
  readonly blackhole?: boolean;
  readonly delayMs?: number;
  /** Mean of an exponential, added to the delay. */
  readonly jitterMs?: number;
  /** Uniform, plus or minus. */
  readonly spreadMs?: number;
  /** 0..1. */
  readonly loss?: number;
  readonly bursts?: { readonly toBad: number; readonly toGood: number; readonly loss: number };
  readonly outages?: { readonly goodMs: number; readonly badMs: number; readonly loss: number };
  readonly offChannel?: { readonly periodMs: number; readonly holdMs: number };
}

export interface WireCounts {
  readonly frames: number;
  readonly dropped: number;
  /** With IP and UDP headers, without Ethernet's. */
  readonly udpBytes: number;
  /** On the link's port alone; what else is TCP is among the others. */
  readonly tcpBytes: number;
  readonly otherBytes: number;
}

/** A running wire. Directions are written `core>edge`. */
export interface Wire {
  /** Returns the moment from which the rules hold, on the clock of `nowMs`. */
  set(rules: Readonly<Record<string, WireRule>>): Promise<number>;
  /** The same rule for every direction. */
  setAll(rule: WireRule): Promise<number>;
  counts(): Promise<Record<string, WireCounts>>;
  /** Sends the last UDP frames of a direction to that port once more; how many there were. */
  replay(pair: string, port: number, last: number, flip?: boolean): Promise<number>;
  /** A RST into both ends of each TCP connection to the port; how many were sent. */
  reset(port: number): Promise<number>;
  stop(): Promise<void>;
}

/** CLOCK_MONOTONIC in milliseconds: one clock for all processes of this machine. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

const HELPER = fileURLToPath(new URL('wire.py', import.meta.url));
/** Debian's own where it is; any Python 3 does. */
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const ANSWER_MS = 5000;

interface Answer {
  readonly event?: string;
  readonly id?: number;
  readonly at?: number;
  readonly sent?: number;
  readonly counts?: Record<string, WireCounts>;
  readonly error?: string;
}

/** @param ends the namespace of each end, by its name; an interface eth0 appears in each */
export async function startWire(ends: Readonly<Record<string, string>>): Promise<Wire> {
  const args = Object.entries(ends).map(([name, namespace]) => `${name}=${namespace}`);
  const helper = spawn(PYTHON, ['-B', HELPER, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const waiting = new Map<number, (answer: Answer) => void>();
  let stderr = '';
  helper.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  helper.stdin.on('error', () => undefined);
  const gone = new Promise<void>((resolve) => helper.once('close', () => resolve()));
  const up = new Promise<void>((resolve) => {
    createInterface(helper.stdout).on('line', (line) => {
      const answer = JSON.parse(line) as Answer;
      if (answer.event === 'up') resolve();
      else waiting.get(answer.id ?? -1)?.(answer);
    });
  });
  const ended = gone.then(() => {
    throw new Error(`the wire ended: ${stderr}`);
  });
  ended.catch(() => undefined);
  await Promise.race([up, ended, late('its start')]);
  let last = 0;
  async function ask(command: object): Promise<Answer> {
    const id = (last += 1);
    const heard = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    helper.stdin.write(`${JSON.stringify({ id, ...command })}\n`);
    const answer = await Promise.race([heard, ended, late(JSON.stringify(command))]);
    waiting.delete(id);
    if (answer.error !== undefined) throw new Error(`the wire refuses: ${answer.error}`);
    return answer;
  }
  const names = Object.keys(ends);
  const directions = names.flatMap((a) => names.filter((b) => b !== a).map((b) => `${a}>${b}`));
  const set = async (pairs: Readonly<Record<string, WireRule>>): Promise<number> =>
    (await ask({ do: 'rules', pairs })).at ?? nowMs();
  return {
    set,
    setAll: (rule) => set(Object.fromEntries(directions.map((direction) => [direction, rule]))),
    counts: async () => (await ask({ do: 'counts' })).counts ?? {},
    replay: async (pair, port, many, flip = false) =>
      (await ask({ do: 'replay', pair, port, last: many, flip })).sent ?? 0,
    reset: async (port) => (await ask({ do: 'reset', port })).sent ?? 0,
    async stop() {
      helper.stdin.end();
      const timer = setTimeout(() => helper.kill('SIGKILL'), ANSWER_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}

function late(what: string): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error(`no word from the wire: ${what}`)), ANSWER_MS).unref();
  });
}
