import type { Input, Method } from '../../src-shared/commands/registry.ts';
import type { Result, TandemError } from '../../src-shared/errors/result.ts';
import type { Handoff, HandoffState } from '../../src-shared/world/handoff.ts';
import { endedSteps, leaveEnd, returnEnd, type End, type Look } from '../handoff-course.ts';
import { EXIT } from '../terminal.ts';
import type { Verb, VerbContext } from '../verb.ts';
import { dryRunLines, handoffLines, stepLine } from '../view/handoff-lines.ts';
import { trafficLines } from '../view/traffic-lines.ts';

/** Departure and return wait for their end, on either Mac; the others are done when they are answered. */
export const handoffVerbs = {
  'handoff.leave': {
    // commander turns `--no-wait` into `wait: false`.
    extraFlags: ['dry-run', 'no-wait'],
    run: async (input, context) =>
      context.flags['dry-run'] === true ? dryRun(context) : leave(input, context),
    show: () => undefined,
  } satisfies Verb<'handoff.leave'>,
  'handoff.return': {
    extraFlags: ['no-wait'],
    run: async (_input, context) =>
      follow(context, returnEnd, () => context.client.call('handoff.return', {}), 'leaveAlone'),
    show: () => undefined,
  } satisfies Verb<'handoff.return'>,
  'handoff.cancel': {
    show: (handoff, context) => printHandoff(handoff, context),
  } satisfies Verb<'handoff.cancel'>,
  'handoff.delay': {
    show: ({ delayedUntil }, { terminal: { print, t } }) => {
      print(t('cli.delay.until', { until: new Date(delayedUntil).toLocaleTimeString() }));
    },
  } satisfies Verb<'handoff.delay'>,
  'traffic.get': {
    show: ({ traffic }, { terminal: { print, t } }) => {
      const lines = traffic === null ? [t('cli.traffic.none')] : trafficLines(traffic, t, new Date());
      for (const line of lines) print(line);
    },
    document: ({ traffic }) => traffic,
  } satisfies Verb<'traffic.get'>,
} satisfies { [M in Method]?: Verb<M> };

function leave(input: Input<'handoff.leave'>, context: VerbContext): Promise<number> {
  return follow(context, leaveEnd, () => context.client.call('handoff.leave', input), 'cancel');
}

async function dryRun({ client, terminal }: VerbContext): Promise<number> {
  const dry = await client.call('handoff.dryRun', {});
  if (!dry.ok) return terminal.fail(dry.error);
  if (terminal.json) terminal.document(dry.value);
  else for (const line of dryRunLines(dry.value, terminal.t)) terminal.print(line);
  return EXIT.done;
}

/** A look that nothing changes is repeated: what stands still for long is an end, too. */
const LOOK_AGAIN_MS = 1000;

/**
 * Sends the verb and follows the World until it ends: steps on standard error as they end, the hand-off at the end on
 * standard output.
 *
 * @param onInterrupt what the first Ctrl-C does; the second always ends the command and leaves the rest alone
 */
async function follow(
  context: VerbContext,
  endOf: (look: Look) => End,
  send: () => Promise<Result<Handoff>>,
  onInterrupt: 'cancel' | 'leaveAlone',
): Promise<number> {
  const { client, terminal, flags } = context;
  const first = await client.call('status.subscribe', { live: true });
  if (!first.ok) return terminal.fail(first.error);
  const course = createCourse(context, first.value.handoff, endOf);
  const accepted = await send();
  if (!accepted.ok) return terminal.fail(accepted.error);
  if (flags['wait'] === false) {
    printHandoff(accepted.value, context);
    return EXIT.done;
  }
  const release = interruptible(context, onInterrupt);
  const end = await course.from(accepted.value);
  release();
  if ('error' in end) return terminal.fail(end.error);
  printHandoff(end.handoff, context);
  return EXIT.done;
}

type Ended = { readonly handoff: Handoff } | { readonly error: TandemError };

/** Follows the World's hand-off; what was said before the verb was accepted is of before. */
function createCourse({ client, terminal }: VerbContext, before: Handoff | null, endOf: (look: Look) => End) {
  const seen = new Set<HandoffState>();
  const told = new Set<string>();
  if (before !== null) endedSteps(told, before);
  let acceptedMs: number | null = null;
  let now = before;
  let state: { readonly name: HandoffState | null; readonly sinceMs: number } = { name: null, sinceMs: 0 };
  let finish: (end: Ended) => void = () => undefined;
  const ended = new Promise<Ended>((resolve) => (finish = resolve));
  const look = (): void => {
    if (acceptedMs === null) return;
    const nowMs = performance.now();
    if (now?.state !== state.name) state = { name: now?.state ?? null, sinceMs: nowMs };
    if (now !== null) {
      seen.add(now.state);
      for (const step of endedSteps(told, now))
        terminal.note(terminal.json ? JSON.stringify({ step }) : stepLine(step, terminal.t));
    }
    const ages = { sinceAcceptedMs: nowMs - acceptedMs, inStateMs: nowMs - state.sinceMs };
    const end = endOf({ before, now, seen, ...ages });
    if (end === 'goesOn') return;
    if (end !== 'done') finish({ error: end });
    else if (now !== null) finish({ handoff: now });
  };
  client.on('status.changed', ({ handoff }) => {
    now = handoff;
    look();
  });
  void client.closed.then(() => finish({ error: { code: 'engineLost', params: {} } }));
  return {
    async from(accepted: Handoff): Promise<Ended> {
      acceptedMs = performance.now();
      // The answer may be older than the World that came meanwhile.
      seen.add(accepted.state);
      const again = setInterval(look, LOOK_AGAIN_MS);
      const world = await client.call('status.get', {});
      if (world.ok) now = world.value.handoff;
      look();
      const end = await ended;
      clearInterval(again);
      return end;
    },
  };
}

/** Returns a function that gives Ctrl-C back. */
function interruptible({ client, terminal }: VerbContext, first: 'cancel' | 'leaveAlone'): () => void {
  let interrupted = first === 'leaveAlone';
  const onInterrupt = (): void => {
    if (interrupted) process.exit(130);
    interrupted = true;
    terminal.note(terminal.t('cli.cancelling'));
    void client.call('handoff.cancel', {}).then((result) => {
      if (!result.ok) terminal.fail(result.error);
    });
  };
  process.on('SIGINT', onInterrupt);
  return () => void process.off('SIGINT', onInterrupt);
}

function printHandoff(handoff: Handoff, { terminal }: VerbContext): void {
  if (terminal.json) terminal.document(handoff);
  else for (const line of handoffLines(handoff, terminal.t, new Date())) terminal.print(line);
}
