#!/usr/bin/env node
// An executable that replays Colima's documented grammar (`list --json`: one object a line, memory in bytes; `start` and
// `stop` of a profile, complaints on standard error). Its machine is a word in a file: Running, Stopped, Broken or Absent.
import { appendFileSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env.FAKE_COLIMA ?? '/nonexistent';
const file = join(folder, 'state');
const args = process.argv.slice(2);
const profile = args[args.indexOf('--profile') + 1];
const state = readFileSync(file, 'utf8').trim();
/** Its word, and the daemon's socket, which is there while it runs. */
function become(next) {
  const socket = join(folder, '.colima/default/docker.sock');
  writeFileSync(file, next);
  rmSync(socket, { force: true });
  if (next === 'Running') symlinkSync(join(folder, 'daemon.sock'), socket);
}
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const say = (level, message) =>
  console.error(`time="2026-01-01T10:00:00Z" level=${level} msg="${message.replaceAll('"', '\\"')}"`);

const verbs = {
  list() {
    const size = { cpus: 2, memory: 4 * 2 ** 30, disk: 107374182400 };
    if (state !== 'Absent')
      console.log(JSON.stringify({ name: 'default', status: state, arch: 'aarch64', ...size }));
  },
  async start() {
    say('info', `starting ${profile}`);
    await pause(Number(process.env.FAKE_COLIMA_START_MS ?? 100));
    if (process.env.FAKE_COLIMA_FAIL) {
      say('fatal', "error starting vm: error at 'starting': exit status 1");
      process.exit(1);
    }
    become('Running');
  },
  async stop() {
    say('info', `stopping ${profile}`);
    await pause(50);
    become('Stopped');
  },
};
if (args[0] !== 'list') appendFileSync(join(folder, 'calls'), `${args.join(' ')}\n`);
await verbs[args[0]]?.();
