// out/engine/relay.js: LAN mode's relay, as a process that outlives the engine.
import { parseArgs } from 'node:util';
import { openPodStream } from './kube/pod-stream.ts';
import { systemClock, systemScheduler } from './platform/clock.ts';
import { homeAt } from './platform/home.ts';
import { openLog } from './platform/log.ts';
import { openControl } from './traffic/front/control.ts';
import { peerKey } from './traffic/passage/peer-key.ts';
import { listenProblem } from './traffic/process/exit-report.ts';
import { runRelay } from './tunnel/relay/relay-program.ts';

const text = { type: 'string', default: '' } as const;
const { values } = parseArgs({ options: { mode: text, home: text, config: text, socket: text } });

async function main(): Promise<void> {
  // Sockets and logs are this user's alone.
  process.umask(0o077);
  if ([values.home, values.config, values.socket].includes('')) {
    console.error('usage: relay.js --mode=relay --home=DIR --config=FILE --socket=PATH');
    process.exit(2);
  }
  await runRelay(
    { configFile: values.config, socket: values.socket },
    {
      clock: systemClock,
      scheduler: systemScheduler,
      log: openLog(homeAt(values.home).logs, 'relay'),
      peerKey,
      openPod: openPodStream,
      openControl,
      listenProblem: (error, listen) =>
        listenProblem(error, listen, { taken: 'relayPortTaken', down: 'relayDown' }),
    },
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
