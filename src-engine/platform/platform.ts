import { systemClock, systemScheduler, type Clock, type Scheduler } from './clock.ts';
import { systemFiles, type TextFiles } from './files.ts';
import { homeFromEnvironment, type Home } from './home.ts';
import { openLog, type Logger } from './log.ts';
import { timeScaleFrom } from './time-scale.ts';
import { systemTools, type Tools } from './tools.ts';

/** Everything of the operating system that a room may be given. */
export interface Platform {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly tools: Tools;
  readonly files: TextFiles;
  readonly home: Home;
  readonly timeScale: number;
  readonly env: NodeJS.ProcessEnv;
  readonly os: NodeJS.Platform;
  log(topic: string): Logger;
}

export function systemPlatform(env: NodeJS.ProcessEnv = process.env): Platform {
  const home = homeFromEnvironment(env);
  const logs = new Map<string, Logger>();
  return {
    clock: systemClock,
    scheduler: systemScheduler,
    tools: systemTools,
    files: systemFiles,
    home,
    timeScale: timeScaleFrom(env),
    env,
    os: process.platform,
    log(topic) {
      const known = logs.get(topic) ?? openLog(home.logs, topic, env);
      logs.set(topic, known);
      return known;
    },
  };
}
