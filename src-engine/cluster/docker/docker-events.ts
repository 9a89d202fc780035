import { request } from 'node:http';
import { z } from 'zod';
import type { Disposable, Scheduler } from '../../platform/clock.ts';
import { lineSplitter } from '../../platform/line-splitter.ts';

/** Something happened to a container. */
export interface ContainerEvent {
  /** Docker's own word: `start`, `die`, `pause`, `destroy`, … */
  readonly action: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface DockerEventsNeeds {
  socketPath(): string | null;
  readonly scheduler: Scheduler;
}

/** Who listens. */
export interface DockerListener {
  happened(event: ContainerEvent): void;
  /** The daemon was reached, or was lost: whatever was known of its containers may have changed meanwhile. */
  reached(isUp: boolean): void;
}

const eventSchema = z
  .object({
    Action: z.string(),
    Actor: z.object({ Attributes: z.record(z.string(), z.string()).nullish() }),
  })
  .transform(({ Action, Actor }): ContainerEvent => ({ action: Action, labels: Actor.Attributes ?? {} }));

/** A daemon that comes back is seen within this, at the cost of a look at its socket. */
const AGAIN_MS = 2000;
/** An event holds the labels of its container, no more. */
const LONGEST_LINE_BYTES = 256 * 1024;

/**
 * Hears what happens to the containers with that label, from one long answer of the daemon (`GET /events`): nothing is
 * asked again while nothing happens, and nothing is spawned. A daemon that is away is looked for every two seconds.
 */
export function dockerEvents(needs: DockerEventsNeeds, label: string, listener: DockerListener): Disposable {
  let end: (() => void) | null = null;
  let again: Disposable | null = null;
  let wasUp: boolean | null = null;
  let isOver = false;
  const tell = (isUp: boolean): void => {
    if (isUp === wasUp || isOver) return;
    wasUp = isUp;
    listener.reached(isUp);
  };
  function listen(): void {
    end = openStream(needs.socketPath(), label, {
      begun: () => tell(true),
      line: (line) => {
        const event = eventSchema.safeParse(parsed(line));
        if (event.success && !isOver) listener.happened(event.data);
      },
      ended: () => {
        tell(false);
        if (!isOver) again = needs.scheduler.after(AGAIN_MS, listen);
      },
    });
  }
  listen();
  return {
    dispose() {
      isOver = true;
      again?.dispose();
      end?.();
    },
  };
}

interface Stream {
  begun(): void;
  line(line: string): void;
  /** Once, whatever the reason. */
  ended(): void;
}

/** Returns what closes it. */
function openStream(socketPath: string | null, label: string, stream: Stream): () => void {
  let isEnded = false;
  const ended = (): void => {
    if (isEnded) return;
    isEnded = true;
    stream.ended();
  };
  if (socketPath === null) {
    ended();
    return () => undefined;
  }
  const filters = encodeURIComponent(JSON.stringify({ type: ['container'], label: [label] }));
  const call = request({ socketPath, method: 'GET', path: `/events?filters=${filters}` }, (response) => {
    if (response.statusCode !== 200) return void call.destroy();
    stream.begun();
    response.on(
      'data',
      lineSplitter(LONGEST_LINE_BYTES, stream.line, () => call.destroy()),
    );
    response.on('error', () => undefined);
    response.on('close', ended);
  });
  call.on('error', () => undefined);
  call.on('close', ended);
  call.end();
  return () => call.destroy();
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}
